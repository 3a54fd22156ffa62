using System.Net;
using Sonde.Marks;
using Sonde.Measurement;
using Sonde.Measurement.Timing;
using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.Probing;

/// <summary>Runs the measuring thread and the resolving of names from the host's start to its stop.</summary>
internal sealed partial class ProbingThread : IHostedService, IDisposable
{
    private readonly ProbeLoop _loop;
    private readonly ProbingChecks _checks;
    private readonly NameResolution _names;
    private readonly ILogger<ProbingThread> _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CheckProblems _problems = new();
    private readonly ContentWatch _contents = new();
    private readonly LossLines _lossLines = new();
    private readonly Action<Mark> _addMark;
    private Thread? _thread;
    private Task _resolving = Task.CompletedTask;
    private bool _toldIcmpProblem;

    /// <param name="firstRound">The first round number of this run, as the store gave it.</param>
    /// <param name="vantagePoint">The name of this vantage point.</param>
    /// <param name="catalog">Gives series their numbers.</param>
    /// <param name="pipeline">Takes what is measured.</param>
    /// <param name="addMark">Takes marks.</param>
    /// <param name="time">For the resolver's patience.</param>
    /// <param name="logger">Takes what the operator must know.</param>
    public ProbingThread(
        long firstRound, string vantagePoint, SeriesCatalog catalog, SamplePipeline pipeline, Action<Mark> addMark,
        TimeProvider time, ILogger<ProbingThread> logger)
    {
        var clock = new MeasurementClock();
        var schedule = new RoundSchedule();
        _logger = logger;
        _addMark = addMark;
        _names = new NameResolution(time);
        _checks = new ProbingChecks(clock, schedule, catalog, vantagePoint, firstRound, addMark);
        _loop = new ProbeLoop(clock, observer => new ProbeKinds(clock, observer), schedule, catalog, pipeline, addMark)
        {
            ProblemChanged = TakeProblem,
            Told = TakeTold,
            RoundEnded = (run, round) => WatchFamily(run, round),
        };
    }

    /// <summary>What the probing did since the start.</summary>
    public ProbeCounters Counters => _loop.Counters;

    /// <summary>Why ICMP cannot be sent at all and what to do, in words; null when it can.</summary>
    public string? IcmpProblem => _loop.IcmpProblem;

    /// <summary>
    /// Told on the measuring thread when a check cannot be sent, in words, and with null when it can again.
    /// </summary>
    public Action<CheckId, string?>? ProblemChanged { get; set; }

    /// <summary>Told on the measuring thread of each lost probe why it was lost.</summary>
    public Action<CheckId, ToldLoss>? LossTold { get; set; }

    /// <summary>Told on the measuring thread when a round has ended: for the line that a terminal shows.</summary>
    public Action<CheckRun, Round>? RoundEnded { get; set; }

    /// <summary>Told on the measuring thread where the probes of a series go from now on.</summary>
    public Action<SeriesHandle, IPAddress>? AddressChanged
    {
        get => _checks.AddressChanged;
        set => _checks.AddressChanged = value;
    }

    /// <summary>Brings checks into force at the next turn of the loop. Any thread.</summary>
    public void Apply(IReadOnlyList<Check> checks)
    {
        _loop.Post(() =>
        {
            foreach (var gone in _checks.Apply(checks))
            {
                _loop.CutOff(gone);
                _contents.Forget(gone);
                _lossLines.Forget(gone.Check.Id);
                if (_problems.Forget(gone.Check.Id))
                {
                    ProblemChanged?.Invoke(gone.Check.Id, null); // of one that starts anew it is not known any more
                }
            }
        });
        var names = checks.Select(check => check.Host).Where(host => !IPAddress.TryParse(host, out _))
            .Distinct(StringComparer.OrdinalIgnoreCase);
        _names.SetNames(names.ToDictionary(
            host => host,
            host => (Action<ResolvedName>)(name => _loop.Post(() => _checks.TakeName(host, name))),
            StringComparer.OrdinalIgnoreCase));
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _thread = new Thread(_loop.Run) { Name = "probing", IsBackground = true };
        _thread.Start();
        _resolving = _names.RunAsync(_stopping.Token);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        EndThread();
        await _stopping.CancelAsync();
        await _resolving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        EndThread(); // also when the start of something else failed, and nothing was stopped
        _stopping.Dispose();
        _names.Dispose();
        _loop.Dispose();
    }

    private void EndThread()
    {
        if (_thread is { } thread)
        {
            _loop.Stop();
            thread.Join();
            _thread = null;
        }
    }

    private void WatchFamily(CheckRun run, Round round)
    {
        if (run.LostInARow > 0 && run.LostInARow % 3 == 0)
        {
            _checks.TryOtherFamily(run);
        }
        RoundEnded?.Invoke(run, round);
    }

    private void TakeProblem(CheckRun run, string? problem)
    {
        var isOfAllIcmp = problem is not null && problem == _loop.IcmpProblem;
        var why = isOfAllIcmp ? NotSentWords.For(NotSentReason.NoPermission) : problem;
        if (!_problems.Take(run.Check, run.Family, why))
        {
            return;
        }
        var words = _problems.Find(run.Check.Id);
        if (isOfAllIcmp)
        {
            TellIcmpProblem(problem!);
        }
        else if (words is not null)
        {
            LogNotSent(run.Check.Id.Value, words);
        }
        ProblemChanged?.Invoke(run.Check.Id, words);
    }

    private void TakeTold(CheckRun run, ProbeResult result)
    {
        var at = result.SentAt / 1_000_000;
        if (run.IsRemoved)
        {
            return;
        }
        if (result.IsLost)
        {
            TakeLoss(run.Check.Id, new ToldLoss(at, result.Loss, result.Detail ?? result.Loss.ToMeaning()));
        }
        else if (_contents.Take(run, result.Findings, at) is { } mark)
        {
            _addMark(mark);
        }
    }

    private void TakeLoss(CheckId check, ToldLoss loss)
    {
        if (loss.HasDetail && _lossLines.IsNew(check, loss))
        {
            LogLoss(check.Value, loss.Words);
        }
        LossTold?.Invoke(check, loss);
    }

    /// <summary>The sentence with the remedy is told once, not for each check; the page has it in its banner.</summary>
    private void TellIcmpProblem(string problem)
    {
        if (!_toldIcmpProblem)
        {
            _toldIcmpProblem = true;
            LogIcmpProblem(problem);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Check} {Problem}")]
    private partial void LogNotSent(string check, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Check} lost: {Words}")]
    private partial void LogLoss(string check, string words);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Problem}")]
    private partial void LogIcmpProblem(string problem);
}
