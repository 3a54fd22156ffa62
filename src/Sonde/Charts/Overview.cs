using System.Collections.Immutable;

namespace Sonde.Charts;

/// <summary>All targets at one moment: what the overview and the live readers share.</summary>
/// <param name="Number">Grows with every new picture.</param>
/// <param name="Entries">One for each check, in the order of the configuration.</param>
/// <param name="ProbesPerSecond">What the configuration asks for.</param>
internal sealed record Overview(long Number, ImmutableArray<OverviewEntry> Entries, double ProbesPerSecond);

/// <summary>One target of the overview.</summary>
/// <param name="Row">Its numbers.</param>
/// <param name="Trace">Its small line.</param>
internal sealed record OverviewEntry(TargetRow Row, TraceDrawing Trace);

/// <summary>Takes the picture at most once a second for each thousand checks, however many ask.</summary>
internal sealed class OverviewReader(ICheckBoard board, RecentTraces traces, TimeProvider time)
{
    private const double ChecksPerSecond = 1_000;

    private readonly Lock _taking = new();
    private Overview _newest = new(0, [], 0);
    private long? _takenAt;

    /// <summary>The newest picture; takes a new one when it is too old.</summary>
    public Overview Read()
    {
        lock (_taking)
        {
            var maxAge = TimeSpan.FromSeconds(Math.Max(0.9, _newest.Entries.Length / ChecksPerSecond));
            if (_takenAt is not { } taken || time.GetElapsedTime(taken) >= maxAge)
            {
                _newest = Take_NeedsLock();
                _takenAt = time.GetTimestamp();
            }
            return _newest;
        }
    }

    private Overview Take_NeedsLock()
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var views = board.All(now);
        var entries = ImmutableArray.CreateBuilder<OverviewEntry>(views.Count);
        Span<TraceStep> steps = stackalloc TraceStep[RecentTraces.Steps];
        foreach (var view in views)
        {
            steps.Clear();
            if (TargetViews.Leading(view) is { } leading)
            {
                traces.Read(leading.Handle, now, steps);
            }
            entries.Add(new OverviewEntry(TargetViews.ToRow(view), TraceDrawing.Draw(steps)));
        }
        var rate = views.Sum(view => view.Check.Packets / view.Check.Interval.TotalSeconds);
        return new Overview(_newest.Number + 1, entries.MoveToImmutable(), rate);
    }
}
