using System.Collections.Immutable;
using Sonde.Samples;

namespace Sonde.Charts;

/// <summary>All targets at one moment: what everybody who looks at the overview shares.</summary>
/// <param name="Entries">One for each check, in the order of the configuration.</param>
/// <param name="ProbesPerSecond">What the configuration asks for.</param>
/// <param name="Totals">How many targets are in each state, by the state's word.</param>
internal sealed record Overview(
    ImmutableArray<OverviewEntry> Entries, double ProbesPerSecond, ImmutableDictionary<string, int> Totals)
{
    /// <summary>Nothing at all.</summary>
    public static readonly Overview Empty = new([], 0, ImmutableDictionary<string, int>.Empty);
}

/// <summary>One target of the overview.</summary>
/// <param name="View">The check as it stands.</param>
/// <param name="Row">Its numbers for people.</param>
/// <param name="Traces">Its small line; two, when it is measured over both families.</param>
internal sealed record OverviewEntry(CheckView View, TargetRow Row, ImmutableArray<TraceDrawing> Traces)
{
    /// <summary>Says a view in the words of the page.</summary>
    public static OverviewEntry Of(CheckView view) => new(
        view, TargetViews.ToRow(view),
        [.. TargetViews.Shown(view).Select(series => TraceDrawing.Draw(series?.Sparkline ?? [], view.Check.Interval))]);
}

/// <summary>Takes the picture at most once a second for each thousand checks, however many ask.</summary>
internal sealed class OverviewReader(LiveChecks checks, TimeProvider time)
{
    private const double ChecksPerSecond = 1_000;

    private readonly Lock _taking = new();
    private Overview _newest = Overview.Empty;
    private long _boardStamp;
    private long? _takenAt;

    /// <summary>The newest picture; takes a new one when it is too old, or when checks came or went.</summary>
    public Overview Read()
    {
        lock (_taking)
        {
            var maxAge = TimeSpan.FromSeconds(_newest.Entries.Length / ChecksPerSecond);
            if (_takenAt is not { } taken || time.GetElapsedTime(taken) >= maxAge || _boardStamp != checks.BoardStamp)
            {
                _takenAt = time.GetTimestamp();
                _boardStamp = checks.BoardStamp;
                _newest = Take();
            }
            return _newest;
        }
    }

    private Overview Take()
    {
        var views = checks.All(time.GetUtcNow().ToUnixTimeMilliseconds());
        var entries = views.Select(OverviewEntry.Of).ToImmutableArray();
        return new Overview(
            entries,
            views.Sum(view => view.Check.ProbesPerSecond),
            entries.GroupBy(entry => entry.Row.State)
                .ToImmutableDictionary(group => group.Key, group => group.Count()));
    }
}
