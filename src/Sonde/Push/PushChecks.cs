using System.Security.Cryptography;
using System.Text;
using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.Push;

/// <summary>All checks whose jobs call, by their tokens. Any thread: it locks itself.</summary>
/// <param name="firstRound">The first round number of this run, as the store gave it.</param>
/// <param name="vantagePoint">The name of this vantage point.</param>
/// <param name="catalog">Gives series their numbers.</param>
/// <param name="pipeline">Takes what the calls and the silences make.</param>
/// <param name="time">The clocks.</param>
internal sealed class PushChecks(
    long firstRound, string vantagePoint, SeriesCatalog catalog, SamplePipeline pipeline, TimeProvider time)
{
    /// <summary>
    /// Where the rounds of push checks begin in those of a run: a check that a reload makes a push check meets none of
    /// the numbers that its probes had. Ten rounds a second need three years to get there.
    /// </summary>
    private const long RoundsOfProbes = 1L << 30;

    private readonly Lock _lock = new();
    private readonly PushClock _clock = new(time);
    private readonly Dictionary<CheckId, long> _nextRounds = [];
    private Dictionary<CheckId, PushJob> _jobs = [];
    private Dictionary<string, PushJob> _byToken = [];

    /// <summary>Told why a job was lost, when there is more to tell than the reason.</summary>
    public Action<CheckId, ToldLoss>? LossTold { get; init; }

    /// <summary>
    /// Brings the push checks among these into force. One that measures as before keeps its rounds, its start and its
    /// patience; another begins anew with later round numbers.
    /// </summary>
    public void Apply(IEnumerable<Check> checks)
    {
        lock (_lock)
        {
            var now = _clock.Read();
            var before = _jobs;
            foreach (var (id, job) in before)
            {
                _nextRounds[id] = job.NextRound;
            }
            _jobs = checks.Where(check => check.Kind == CheckKind.Push)
                .ToDictionary(check => check.Id, check => KeepOrMake_NeedsLock(before, check, now));
            _byToken = _jobs.Values.DistinctBy(job => job.Check.Push!.Token)
                .ToDictionary(job => DigestOf(job.Check.Push!.Token));
        }
    }

    /// <summary>Takes the call of whoever has this token.</summary>
    public PushAnswer Take(string token, in PushCall call)
    {
        var made = new List<PushRound>();
        bool isKept;
        lock (_lock)
        {
            if (!_byToken.TryGetValue(DigestOf(token), out var job))
            {
                return PushAnswer.Unknown;
            }
            isKept = job.TryTake(call, _clock.Read(), made);
        }
        Publish(made);
        return isKept ? PushAnswer.Kept : PushAnswer.TooOften;
    }

    /// <summary>Looks who should have called by now. Call it every second.</summary>
    public void Tick()
    {
        var made = new List<PushRound>();
        lock (_lock)
        {
            var now = _clock.Read();
            foreach (var job in _jobs.Values)
            {
                job.TakeSilence(now, made);
            }
        }
        Publish(made);
    }

    /// <summary>
    /// Tokens are looked up by their digests: how long that takes says nothing about a token.
    /// </summary>
    private static string DigestOf(string token) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private PushJob KeepOrMake_NeedsLock(Dictionary<CheckId, PushJob> before, Check check, in PushMoment now)
    {
        if (before.TryGetValue(check.Id, out var kept) && kept.Check.MeasuresLike(check))
        {
            kept.Check = check;
            return kept;
        }
        var series = catalog.GetOrAdd(new SeriesKey(check.Id, vantagePoint, Family: 4, Quantity.Rtt));
        var renamed = check.RenamedFrom is { } from ? NextRoundOf_NeedsLock(from) : 0;
        return new PushJob(check, series, Math.Max(NextRoundOf_NeedsLock(check.Id), renamed), now);
    }

    private long NextRoundOf_NeedsLock(CheckId check) =>
        _nextRounds.GetValueOrDefault(check, firstRound + RoundsOfProbes);

    private void Publish(List<PushRound> made)
    {
        foreach (var (check, sample, words) in made)
        {
            pipeline.Publish(
                [sample],
                [new Round(
                    sample.Series, sample.Round, sample.SentAtMilliseconds, Sent: 1, Lost: sample.IsLost ? 1 : 0,
                    NotSent: 0)]);
            if (words is not null)
            {
                LossTold?.Invoke(check, new ToldLoss(sample.SentAtMilliseconds, sample.Loss, words));
            }
        }
    }
}
