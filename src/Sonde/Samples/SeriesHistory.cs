using Sonde.Measurement.Statistics;

namespace Sonde.Samples;

/// <summary>The last hour of a series: five minutes sample by sample, the rest in packed windows. One caller at a
/// time.</summary>
/// <remarks>
/// After a step back of the wall clock, windows of up to five minutes lack what was sent in their span before the step
/// and is packed already, until the clock has passed the time it was stepped from. Windows of whole minutes lack
/// nothing.
/// </remarks>
internal sealed class SeriesHistory
{
    /// <summary>How long samples are kept one by one: five minutes, and some seconds for a view of the moment
    /// before.</summary>
    private const long RecentMilliseconds = 310_000;

    /// <summary>How long a sample may be overdue to be sealed: many at a time cost less than one by one.</summary>
    private const long SealingSlackMilliseconds = 15_000;

    private const int KeptMinutes = 62;
    private static readonly (long Round, int Index) NoneSealed = (-1, -1);
    private readonly RecentSamples _recent = new();
    private readonly SealedMinutes _sealed = new();
    private readonly RecentSteps _steps = new();
    private (long Round, int Index) _lastSealed = NoneSealed;

    /// <summary>The newest sample; null = none yet.</summary>
    public Sample? Last { get; private set; }

    /// <summary>The five-second steps of the last five minutes.</summary>
    public RecentSteps Steps => _steps;

    /// <summary>Adds a sample. One that is there already changes nothing.</summary>
    /// <returns>False when it cannot be placed any more: its neighbours were sealed minutes ago.</returns>
    public bool TryAdd(in Sample sample)
    {
        if (!PackedSample.CanHold(sample) || (sample.Round, (int)sample.Index).CompareTo(_lastSealed) <= 0)
        {
            return false;
        }
        if (Place(sample))
        {
            _steps.Add(sample);
            if (Last is not { } last || (sample.Round, sample.Index).CompareTo((last.Round, last.Index)) > 0)
            {
                Last = sample;
            }
        }
        return true;
    }

    /// <summary>Packs what has become old and forgets what is older than an hour. Call it now and then.</summary>
    public void Seal(long nowMilliseconds)
    {
        if (IsSealable(nowMilliseconds, RecentMilliseconds + SealingSlackMilliseconds))
        {
            SealWhile(() => IsSealable(nowMilliseconds, RecentMilliseconds));
            _recent.Trim();
        }
        var minute = SealedMinutes.MinuteOf(nowMilliseconds);
        _sealed.Keep(minute - KeptMinutes, minute + KeptMinutes);
    }

    /// <summary>The window of samples sent from (inclusive) to (exclusive): of the last five minutes, or of whole
    /// minutes.</summary>
    public Window Summarize(long fromMilliseconds, long toMilliseconds)
    {
        var window = new Window();
        if (toMilliseconds - fromMilliseconds > RecentMilliseconds)
        {
            _sealed.AddTo(window, fromMilliseconds, toMilliseconds);
        }
        _recent.AddTo(window, fromMilliseconds, toMilliseconds);
        return window;
    }

    /// <summary>Adds all of another, whose samples come after all of this one.</summary>
    public void Append(SeriesHistory later, SeriesHandle series)
    {
        if (later._lastSealed != NoneSealed)
        {
            SealWhile(() => _recent.Count > 0);   // the later ones are five minutes old already, so these are older
            _sealed.Append(later._sealed);
            _lastSealed = later._lastSealed;
        }
        foreach (var sample in later._recent.Unpack(series))
        {
            Place(sample);
        }
        _steps.Append(later._steps);
        Last = later.Last ?? Last;
    }

    /// <summary>Forgets what it keeps only to answer the next question faster.</summary>
    public void ForgetMerged() => _sealed.ForgetMerged();

    private bool IsSealable(long nowMilliseconds, long age)
    {
        if (_recent.Count == 0)
        {
            return false;
        }
        var sentAt = _recent.FirstSentAtMilliseconds;
        var isAhead = sentAt > nowMilliseconds + age;   // the wall clock was stepped back since
        return sentAt < nowMilliseconds - age || isAhead;
    }

    /// <summary>Puts the sample among the recent ones; false when it is there already.</summary>
    private bool Place(in Sample sample)
    {
        if (!_recent.TryAdd(sample, out var isNew))
        {
            SealWhile(() => _recent.Count > 0);
            _recent.TryAdd(sample, out isNew);
        }
        return isNew;
    }

    private void SealWhile(Func<bool> isDue)
    {
        while (isDue())
        {
            var minute = SealedMinutes.MinuteOf(_recent.FirstSentAtMilliseconds);
            var window = new Window();
            do
            {
                _lastSealed = _recent.MoveFirstTo(window);
            }
            while (isDue() && SealedMinutes.MinuteOf(_recent.FirstSentAtMilliseconds) == minute);
            _sealed.Add(minute, window);
        }
    }
}
