using Sonde.Measurement.Statistics;

namespace Sonde.Samples;

/// <summary>
/// What a series measured before its <see cref="RecentSamples"/>: packed windows in the order of round and index,
/// none across the
/// border of a minute. Usually one a minute; after a step of the wall clock a minute may come twice. One caller at a
/// time.
/// </summary>
internal sealed class SealedMinutes
{
    /// <summary>Milliseconds in a minute.</summary>
    public const long MinuteMilliseconds = 60_000;

    private readonly List<Segment> _segments = [];
    private Window? _merged;
    private (long From, long To) _mergedSpan;

    /// <summary>The minute that an instant lies in, counted from 1970.</summary>
    public static int MinuteOf(long milliseconds) => (int)Math.Floor((double)milliseconds / MinuteMilliseconds);

    /// <summary>Adds a window that comes after all others and lies in one minute.</summary>
    public void Add(int minute, Window next)
    {
        if (_segments.Count > 0 && _segments[^1].Minute == minute)
        {
            var whole = Window.FromBytes(_segments[^1].Window);
            whole.Merge(next);
            _segments[^1] = new(minute, whole.ToBytes());
        }
        else
        {
            _segments.Add(new(minute, next.ToBytes()));
        }
        _merged = null;
    }

    /// <summary>Adds all of another, which come after all of this one.</summary>
    public void Append(SealedMinutes later)
    {
        foreach (var segment in later._segments)
        {
            Add(segment.Minute, Window.FromBytes(segment.Window));
        }
    }

    /// <summary>Forgets the minutes before and, after a step back of the wall clock, those of a far future.</summary>
    public void Keep(int fromMinute, int toMinute)
    {
        if (_segments.RemoveAll(segment => segment.Minute < fromMinute || segment.Minute > toMinute) > 0)
        {
            _merged = null;
        }
    }

    /// <summary>Adds what was sent in whole minutes from (inclusive) to (exclusive) to a window.</summary>
    public void AddTo(Window window, long fromMilliseconds, long toMilliseconds)
    {
        if (_merged is null || _mergedSpan != (fromMilliseconds, toMilliseconds))
        {
            _merged = Merge(MinuteOf(fromMilliseconds), MinuteOf(toMilliseconds));
            _mergedSpan = (fromMilliseconds, toMilliseconds);
        }
        window.Merge(_merged);
    }

    /// <summary>Forgets what it keeps only to answer the next question faster.</summary>
    public void ForgetMerged() => _merged = null;

    private Window Merge(int fromMinute, int toMinute)
    {
        var whole = new Window();
        foreach (var segment in _segments)
        {
            if (segment.Minute >= fromMinute && segment.Minute < toMinute)
            {
                whole.Merge(Window.FromBytes(segment.Window));
            }
        }
        return whole;
    }

    private readonly record struct Segment(int Minute, byte[] Window);
}
