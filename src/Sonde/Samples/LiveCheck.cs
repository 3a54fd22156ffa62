using System.Collections.Immutable;
using Sonde.Measurement.Statistics;
using Sonde.Targets;

namespace Sonde.Samples;

/// <summary>A check that is measured now, with its series. Any thread: it locks itself.</summary>
/// <remarks>Changes of state go into the queue under the lock, so that they stand there in the order in which they
/// happened.</remarks>
internal sealed class LiveCheck(Check check, ChangeStamps stamps, StateChangeQueue changes)
{
    private readonly Lock _lock = new();
    private readonly List<LiveSeries> _series = new(1);
    private readonly List<LiveSeries> _phases = [];
    private ImmutableArray<Reading> _readings = [];
    private ToldLoss? _lastLoss;
    private Check _check = check;
    private string? _problem;
    private CheckState _state = CheckState.Unknown;
    private long? _stateSince;
    private CheckView? _view;
    private long _changedAt;

    /// <summary>The stamp of its last change.</summary>
    public long ChangedAt
    {
        get
        {
            lock (_lock)
            {
                return _changedAt;
            }
        }
    }

    /// <summary>The check as it is configured now.</summary>
    public Check Check
    {
        get
        {
            lock (_lock)
            {
                return _check;
            }
        }
    }

    /// <summary>Takes over what a reload has changed of the check.</summary>
    public void Replace(Check check)
    {
        lock (_lock)
        {
            _check = check;
            Touch_NeedsLock();
        }
    }

    /// <summary>Sets why it cannot be sent; null = it can.</summary>
    public void SetProblem(string? problem, long nowMilliseconds)
    {
        lock (_lock)
        {
            if (_problem != problem)
            {
                _problem = problem;
                Touch_NeedsLock();
                Evaluate_NeedsLock(nowMilliseconds);
            }
        }
    }

    /// <summary>Sets why its last lost probe was lost.</summary>
    public void SetLastLoss(ToldLoss loss)
    {
        lock (_lock)
        {
            _lastLoss = loss;
            Touch_NeedsLock();
        }
    }

    /// <summary>Adds samples of one series; returns how many came too late to be placed.</summary>
    public int Add(SeriesHandle handle, SeriesKey key, ReadOnlySpan<Sample> samples)
    {
        var tooLate = 0;
        lock (_lock)
        {
            if (key.Quantity.Unit != Quantity.Microseconds)
            {
                Read_NeedsLock(key, samples[^1]);
                return 0;
            }
            var series = Series_NeedsLock(handle, key);
            foreach (ref readonly var sample in samples)
            {
                tooLate += series.TryAdd(sample) ? 0 : 1;
            }
            Touch_NeedsLock();
        }
        return tooLate;
    }

    /// <summary>Takes in a round that ended.</summary>
    public void Add(in Round round, SeriesKey key, long nowMilliseconds)
    {
        lock (_lock)
        {
            Series_NeedsLock(round.Series, key).Add(round);
            Touch_NeedsLock();
            Evaluate_NeedsLock(nowMilliseconds);
        }
    }

    /// <summary>Puts what the store has of each series in front of what was measured since.</summary>
    public void Prepend(IReadOnlyList<StoredHistory> stored, long nowMilliseconds)
    {
        lock (_lock)
        {
            foreach (var earlier in stored)
            {
                var series = Series_NeedsLock(earlier.Handle, earlier.Key);
                series.Prepend(earlier.History);
                foreach (var round in earlier.Rounds)
                {
                    series.Add(round);
                }
            }
            Touch_NeedsLock();
            Evaluate_NeedsLock(nowMilliseconds);
        }
    }

    /// <summary>Looks whether the mere passing of time has changed the state, and packs what has become old.</summary>
    public void Tick(long nowMilliseconds)
    {
        lock (_lock)
        {
            foreach (var series in _series)
            {
                series.Tidy(nowMilliseconds);
            }
            foreach (var phase in _phases)
            {
                phase.Tidy(nowMilliseconds);
            }
            if (Evaluate_NeedsLock(nowMilliseconds))
            {
                Touch_NeedsLock();
            }
        }
    }

    /// <summary>The check as it stands at a moment; the same object as long as nothing has changed.</summary>
    public CheckView ViewAt(long nowMilliseconds)
    {
        lock (_lock)
        {
            var series = _series.ConvertAll(one => one.ViewAt(nowMilliseconds, _check));
            var phases = _phases.ConvertAll(one => one.ViewAt(nowMilliseconds, _check));
            var state = StateAt_NeedsLock(nowMilliseconds);
            var since = state == _state ? _stateSince : nowMilliseconds;
            var rounds = series.Aggregate(default(RoundTotals), (sum, one) => sum + one.Rounds);
            var now = new CheckView(_check, state, since, rounds, _problem, _view?.Series ?? [])
            {
                Phases = _view?.Phases ?? [],
                Readings = _readings,
                LastLoss = _lastLoss,
            };
            if (_view != now || !IsSame(_view.Series, series) || !IsSame(_view.Phases, phases))
            {
                _view = now with { Series = [.. series], Phases = [.. phases] };
            }
            return _view;
        }
    }

    /// <summary>Its state at a moment.</summary>
    public CheckState StateAt(long nowMilliseconds)
    {
        lock (_lock)
        {
            return StateAt_NeedsLock(nowMilliseconds);
        }
    }

    /// <summary>The last five minutes of one of its series; null when it has none of this number.</summary>
    public Window? FiveMinutesOf(SeriesHandle series, long nowMilliseconds)
    {
        lock (_lock)
        {
            return _series.Find(one => one.Handle == series)?.FiveMinutesAt(nowMilliseconds);
        }
    }

    /// <summary>True when both hold the same objects: an unchanged series gives the same view.</summary>
    private static bool IsSame(ImmutableArray<SeriesView> before, List<SeriesView> now)
    {
        var isSame = before.Length == now.Count;
        for (var i = 0; isSame && i < now.Count; i++)
        {
            isSame = ReferenceEquals(before[i], now[i]);
        }
        return isSame;
    }

    private void Read_NeedsLock(SeriesKey key, in Sample last)
    {
        var reading = new Reading(key, last);
        var known = _readings.FirstOrDefault(one => one.Key == key);
        _readings = known.Key is null ? _readings.Add(reading) : _readings.Replace(known, reading);
        Touch_NeedsLock();
    }

    private LiveSeries Series_NeedsLock(SeriesHandle handle, SeriesKey key)
    {
        var ofKind = key.Quantity.IsPhase ? _phases : _series;
        foreach (var known in ofKind)
        {
            if (known.Handle == handle)
            {
                return known;
            }
        }
        var added = new LiveSeries(handle, key);
        ofKind.Add(added);
        return added;
    }

    private void Touch_NeedsLock() => _changedAt = stamps.Next();

    /// <summary>Notes the state of now; true when it is another than before.</summary>
    private bool Evaluate_NeedsLock(long nowMilliseconds)
    {
        var state = StateAt_NeedsLock(nowMilliseconds);
        if (state == _state)
        {
            return false;
        }
        changes.Add(new StateChange(_check.Id, _state, state, nowMilliseconds));
        _state = state;
        _stateSince = nowMilliseconds;
        return true;
    }

    /// <summary>
    /// Of both families the worst that is measured, since one would hide the other's outage; down only when all are.
    /// A check that chooses the family itself has left the other one: the better of the two tells.
    /// </summary>
    private CheckState StateAt_NeedsLock(long nowMilliseconds)
    {
        var isOfBoth = _check.Family == FamilyChoice.Both;
        if (_problem is not null && !isOfBoth)
        {
            return CheckState.Unknown;
        }
        var (best, worst) = (CheckState.Unknown, CheckState.Unknown);
        foreach (var series in _series)
        {
            var state = series.StateAt(nowMilliseconds, _check);
            if (state != CheckState.Unknown)
            {
                best = best == CheckState.Unknown || state < best ? state : best;
                worst = state > worst ? state : worst;
            }
        }
        return !isOfBoth || worst == best ? best : CheckState.Degraded;
    }
}

/// <summary>The state of a check changed.</summary>
/// <param name="Check">The check.</param>
/// <param name="From">Its state before.</param>
/// <param name="To">Its state now.</param>
/// <param name="AtMilliseconds">When it was seen: milliseconds since 1970 UTC.</param>
internal readonly record struct StateChange(CheckId Check, CheckState From, CheckState To, long AtMilliseconds);
