using Sonde.Targets;

namespace Sonde.Probing;

/// <summary>Who is due when. Rounds run at a fixed rate from their start, so that nothing drifts.</summary>
internal sealed class RoundSchedule
{
    private const double GoldenRatio = 0.618033988749894848;
    private readonly PriorityQueue<CheckRun, long> _due = new();
    private long _placed;

    /// <summary>
    /// Probes that may leave together: a few back to back disturb nobody, and one wake-up serves them all.
    /// </summary>
    private const double ProbesTogether = 10;

    /// <summary>How late a probe may leave to save a wake-up: 80 ms, and never more than a tenth of its gap.</summary>
    private const double LongestSlackNanoseconds = 80_000_000;

    /// <summary>
    /// How much later than due probes may leave, so that about ten share a wake-up of the thread; nanoseconds. What is
    /// measured does not depend on it: the kernel stamps each packet as it leaves.
    /// </summary>
    public long Slack { get; private set; }

    /// <summary>Sets the slack for what the checks ask.</summary>
    public void Relax(IReadOnlyCollection<Check> checks)
    {
        var probesPerSecond = checks.Sum(check => check.ProbesPerSecond);
        var shortestGap = checks.Select(check => check.Gap.TotalNanoseconds).DefaultIfEmpty().Min();
        Slack = (long)Math.Min(
            Math.Min(LongestSlackNanoseconds, shortestGap / 10), ProbesTogether * 1e9 / Math.Max(probesPerSecond, 1));
    }

    /// <summary>When the next probe is due; <see cref="long.MaxValue"/> = never.</summary>
    public long NextDue => _due.TryPeek(out _, out var at) ? at : long.MaxValue;

    /// <summary>
    /// When a new check's first round starts. Starts are spread over the interval by the golden ratio, which keeps any
    /// number of them evenly apart; long intervals start within the first seconds, at most 1,000 a second, so that a
    /// new check shows at once.
    /// </summary>
    /// <param name="now">Boot-time nanoseconds.</param>
    /// <param name="interval">The check's interval.</param>
    /// <param name="checks">How many checks there are.</param>
    public long PlaceStart(long now, TimeSpan interval, int checks)
    {
        var spread = Math.Min(interval.TotalMilliseconds, Math.Max(1_000, checks));
        var fraction = _placed++ * GoldenRatio % 1;
        return now + (long)(fraction * spread * 1e6);
    }

    /// <summary>Puts a check where its next probe is due.</summary>
    public void Add(CheckRun run) => _due.Enqueue(run, run.NextProbeAt);

    /// <summary>Takes the next check that is due; null = none yet. Put it back after its probe.</summary>
    public CheckRun? TakeDue(long now) => _due.TryPeek(out _, out var at) && at <= now ? _due.Dequeue() : null;

    /// <summary>Takes out the checks that a reload has taken away.</summary>
    public void DropRemoved()
    {
        var kept = _due.UnorderedItems.Where(entry => !entry.Element.IsRemoved).ToArray();
        _due.Clear();
        _due.EnqueueRange(kept);
    }
}
