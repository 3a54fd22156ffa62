using Sonde.Measurement.Statistics;

namespace Sonde.Storage.Sql;

/// <summary>
/// Windows of equal length of one series, filled in the order of its rounds with summaries and samples. What lies
/// outside of the current clip is left out.
/// </summary>
internal sealed class StepWindows
{
    private readonly long _from;
    private readonly long _step;
    private readonly WindowBuilder _builder;
    private long _clipFrom;
    private long _clipTo;
    private int _lastPlace = -1;

    /// <param name="fromMilliseconds">Where the first window begins.</param>
    /// <param name="stepMilliseconds">How long each is.</param>
    /// <param name="count">How many.</param>
    /// <param name="builder">Makes windows of samples; may be shared by one caller.</param>
    public StepWindows(long fromMilliseconds, long stepMilliseconds, int count, WindowBuilder builder)
    {
        (_from, _step, _builder) = (fromMilliseconds, stepMilliseconds, builder);
        Windows = new Window?[count];
        (_clipFrom, _clipTo) = (_from, To);
    }

    /// <summary>The windows; null where nothing was sent.</summary>
    public Window?[] Windows { get; private set; }

    /// <summary>Where the first window begins.</summary>
    public long From => _from;

    /// <summary>Where the last window ends, exclusive.</summary>
    public long To => _from + (_step * Windows.Length);

    /// <summary>How long each window is.</summary>
    public long Step => _step;

    /// <summary>True when a summary could not be cut at an edge, because its samples are gone.</summary>
    public bool IsCoarse { get; private set; }

    /// <summary>True when samples of an earlier window, or from outside, came behind those of a later one.</summary>
    public bool IsDisordered { get; private set; }

    /// <summary>Forgets all that was added.</summary>
    public void Clear()
    {
        Windows = new Window?[Windows.Length];
        (IsCoarse, IsDisordered, _lastPlace) = (false, false, -1);
    }

    /// <summary>From now on only what was sent in this span counts.</summary>
    public void Clip(long fromMilliseconds, long toMilliseconds) =>
        (_clipFrom, _clipTo) = (Math.Max(fromMilliseconds, _from), Math.Min(toMilliseconds, To));

    /// <summary>True when a summary of samples sent between these times belongs into one window whole.</summary>
    public bool IsWithinOne(long earliestMilliseconds, long latestMilliseconds) =>
        earliestMilliseconds >= _clipFrom && latestMilliseconds < _clipTo
        && PlaceOf(earliestMilliseconds) == PlaceOf(latestMilliseconds);

    /// <summary>Adds a summary that is whole within a window.</summary>
    /// <exception cref="ArgumentException">It does not come after what the window holds.</exception>
    public void Add(in SampleSummary summary) => Add(PlaceOf(summary.EarliestMilliseconds), summary.Window);

    /// <summary>
    /// Adds a summary that should be cut, but cannot be: it counts where it begins, if that is within the clip.
    /// </summary>
    /// <exception cref="ArgumentException">It does not come after what the window holds.</exception>
    public void AddUncut(in SampleSummary summary)
    {
        IsCoarse = true;
        if (summary.EarliestMilliseconds >= _clipFrom)
        {
            Add(PlaceOf(summary.EarliestMilliseconds), summary.Window);
        }
    }

    /// <summary>Adds samples in the order of rounds, each where it belongs.</summary>
    /// <param name="columns">The samples.</param>
    /// <param name="sentAtMilliseconds">When each was sent.</param>
    /// <exception cref="ArgumentException">They do not come after what a window holds.</exception>
    public void Add(in WindowColumns columns, ReadOnlySpan<long> sentAtMilliseconds)
    {
        for (var start = 0; start < sentAtMilliseconds.Length;)
        {
            var place = PlaceOrOutside(sentAtMilliseconds[start]);
            var end = EndOfRun(sentAtMilliseconds, start, place);
            Note(place);
            if (place >= 0 && place < Windows.Length)
            {
                Merge(place, _builder.Build(columns.Slice(start, end - start)));
            }
            start = end;
        }
    }

    private int EndOfRun(ReadOnlySpan<long> times, int start, int place)
    {
        var (low, high) = place < 0 ? (long.MinValue, _clipFrom)
            : place >= Windows.Length ? (_clipTo, long.MaxValue)
            : (Math.Max(_clipFrom, _from + (place * _step)), Math.Min(_clipTo, _from + ((place + 1) * _step)));
        var end = start + 1;
        while (end < times.Length && times[end] >= low && times[end] < high)
        {
            end++;
        }
        return end;
    }

    private int PlaceOf(long milliseconds) => (int)((milliseconds - _from) / _step);

    private int PlaceOrOutside(long milliseconds) =>
        milliseconds < _clipFrom ? -1 : milliseconds >= _clipTo ? Windows.Length : PlaceOf(milliseconds);

    private void Add(int place, Window window)
    {
        Note(place);
        Merge(place, window);
    }

    private void Note(int place)
    {
        IsDisordered |= place < _lastPlace;
        _lastPlace = place;
    }

    private void Merge(int place, Window window)
    {
        if (Windows[place] is { } there)
        {
            there.Merge(window);
        }
        else
        {
            Windows[place] = window;
        }
    }
}
