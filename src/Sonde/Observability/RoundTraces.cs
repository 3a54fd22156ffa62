using System.Diagnostics;
using Sonde.Measurement;
using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.Observability;

/// <summary>
/// Makes a trace of a share of the rounds: a span for the round and below it one for each probe, from when it was sent
/// until its answer. Called by the pipeline's thread, after the measuring.
/// </summary>
/// <param name="catalog">Knows the series.</param>
/// <param name="find">The check of an id; null when it is gone.</param>
/// <param name="ratio">The share of rounds, 0 to 1.</param>
/// <param name="source">Makes the spans.</param>
internal sealed class RoundTraces(
    SeriesCatalog catalog, Func<CheckId, Check?> find, double ratio, ActivitySource source) : ISampleSink
{
    /// <summary>Rounds under way that are kept; when the ends of so many never came, all are forgotten.</summary>
    private const int MostRounds = 4_096;

    private readonly Dictionary<(SeriesHandle Series, long Round), List<Sample>> _underWay = [];

    /// <inheritdoc/>
    public void Take(ReadOnlySpan<Sample> samples, ReadOnlySpan<Round> rounds)
    {
        if (!source.HasListeners())
        {
            return;
        }
        foreach (ref readonly var sample in samples)
        {
            if (IsChosen(sample.Series, sample.Round) && catalog.KeyOf(sample.Series).Quantity == Quantity.Rtt)
            {
                Keep(sample);
            }
        }
        foreach (ref readonly var round in rounds)
        {
            if (IsChosen(round.Series, round.Number))
            {
                _underWay.Remove((round.Series, round.Number), out var probes);
                Trace(round, probes ?? []);
            }
        }
    }

    /// <summary>The same choice for a round and its samples, evenly over all of them: by the mixing function of
    /// SplitMix64 (Steele, Lea, Flood 2014).</summary>
    private bool IsChosen(SeriesHandle series, long round)
    {
        var mixed = ((ulong)round * 0x9E3779B97F4A7C15) + (ulong)series.Number;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return (mixed ^ (mixed >> 31)) / (double)ulong.MaxValue < ratio || ratio >= 1;
    }

    private void Keep(in Sample sample)
    {
        if (_underWay.Count >= MostRounds)
        {
            _underWay.Clear();
        }
        var key = (sample.Series, sample.Round);
        if (!_underWay.TryGetValue(key, out var probes))
        {
            _underWay[key] = probes = [];
        }
        probes.Add(sample);
    }

    private void Trace(in Round round, List<Sample> probes)
    {
        var key = catalog.KeyOf(round.Series);
        if (find(key.Check) is not { } check)
        {
            return;
        }
        var kind = check.Kind.ToWord();
        var start = At(round.StartedAtMilliseconds);
        using var span = source.StartActivity(
            ActivityKind.Client, parentContext: default, startTime: start, name: $"round {kind}");
        if (span is null)
        {
            return;
        }
        Describe(span, check, key, round);
        var end = start;
        foreach (var probe in probes)
        {
            end = Later(end, TraceProbe(probe, check, span.Context, $"probe {kind}"));
        }
        span.SetEndTime(end);
    }

    private static void Describe(Activity span, Check check, SeriesKey key, in Round round)
    {
        span.SetTag("sonde.check.id", check.Id.Value).SetTag("sonde.check.kind", check.Kind.ToWord())
            .SetTag("sonde.target.name", check.Name).SetTag("sonde.vantage_point", key.VantagePoint)
            .SetTag("server.address", check.Host).SetTag("server.port", check.Port)
            .SetTag("network.type", key.Family == 6 ? "ipv6" : "ipv4")
            .SetTag("sonde.round.number", round.Number).SetTag("sonde.round.sent", round.Sent)
            .SetTag("sonde.round.lost", round.Lost).SetTag("sonde.round.not_sent", round.NotSent);
        if (round.IsLostWhole)
        {
            span.SetStatus(ActivityStatusCode.Error, "every probe was lost");
        }
    }

    /// <summary>Makes the span of a probe and gives its end: the answer's, or when it was given up. A probe that was
    /// lost for another reason ends where it began, since nobody noted when that came.</summary>
    private DateTime TraceProbe(in Sample probe, Check check, ActivityContext parent, string name)
    {
        var start = At(probe.SentAtMilliseconds);
        var end = probe.Loss switch
        {
            LossReason.None => start.AddMicroseconds(probe.Value),
            LossReason.Timeout => start + check.Timeout,
            _ => start,
        };
        using var span = source.StartActivity(ActivityKind.Client, parent, startTime: start, name: name);
        span?.SetTag("sonde.probe.index", probe.Index).SetTag("sonde.probe.suspect", probe.IsSuspect);
        if (probe.IsLost)
        {
            span?.SetStatus(ActivityStatusCode.Error, probe.Loss.ToWord());
        }
        span?.SetEndTime(end);
        return end;
    }

    private static DateTime At(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime;

    private static DateTime Later(DateTime left, DateTime right) => left > right ? left : right;
}
