using Sonde.Measurement;
using Sonde.Samples;

namespace Sonde.Metrics;

/// <summary>
/// What a series has counted since the process began to measure it; nothing of it ever goes back. Any thread: it locks
/// itself.
/// </summary>
internal sealed class SeriesTotals(SeriesHandle handle, SeriesKey key)
{
    private readonly Lock _lock = new();
    private readonly long[] _buckets = new long[ClassicBuckets.Bounded + 1];
    private readonly ExponentialCounts _exponential = new();
    private (LossReason Reason, long Count)[] _losses = [];
    private long _sent;
    private long _lost;
    private long _duplicates;
    private long _suspect;
    private long _notSent;
    private long _missedRounds;
    private long _lateAnswers;
    private long _sum;
    private long _zeros;
    private byte? _timeToLive;
    private (long Round, int Index) _newest = (-1, 0);
    private Sample? _answered;
    private SmokepingLabels? _smokeping;

    /// <summary>The series' number.</summary>
    public SeriesHandle Handle => handle;

    /// <summary>The series.</summary>
    public SeriesKey Key => key;

    /// <summary>Its label <c>family</c>.</summary>
    public Labels Family { get; } = key.Family == 6 ? FamilyLabels.Six : FamilyLabels.Four;

    /// <summary>Its label <c>phase</c>: what the series holds, when that is a phase.</summary>
    public Labels Phase { get; } = Labels.Of(("phase", key.Quantity.Name));

    /// <summary>Counts samples of this series.</summary>
    public void Add(ReadOnlySpan<Sample> samples)
    {
        lock (_lock)
        {
            foreach (ref readonly var sample in samples)
            {
                Add_NeedsLock(sample);
            }
        }
    }

    /// <summary>Counts what a round tells beside its samples.</summary>
    public void Add(in Round round)
    {
        lock (_lock)
        {
            _notSent += round.NotSent;
            _missedRounds += round.MissedBefore;
            _lateAnswers += round.LateAnswers;
        }
    }

    /// <summary>All counts of one moment.</summary>
    /// <param name="withExponential">True when the buckets of a native histogram are wanted.</param>
    public SeriesCounts Read(bool withExponential)
    {
        lock (_lock)
        {
            return new SeriesCounts
            {
                Sent = _sent,
                Received = _sent - _lost,
                Losses = _losses,
                Duplicates = _duplicates,
                Suspect = _suspect,
                NotSent = _notSent,
                MissedRounds = _missedRounds,
                LateAnswers = _lateAnswers,
                TimeToLive = _timeToLive,
                LastAnswered = _answered,
                IsNewestAnswered = _answered is { } last && (last.Round, last.Index) == _newest,
                Durations = new Distribution(
                    [.. _buckets], _sent - _lost, _sum / 1e6, _zeros, withExponential ? _exponential.ToArray() : []),
            };
        }
    }

    /// <summary>The labels of smokeping_prober for its samples; made anew when check or address change.</summary>
    public Labels SmokepingLabelsFor(Targets.Check check, string address)
    {
        lock (_lock)
        {
            if (_smokeping is not { } known || !ReferenceEquals(known.Check, check) || known.Address != address)
            {
                _smokeping = known = new SmokepingLabels(check, address);
            }
            return known.Labels;
        }
    }

    private void Add_NeedsLock(in Sample sample)
    {
        _sent++;
        _duplicates += sample.Duplicates;
        _suspect += sample.IsSuspect ? 1 : 0;
        if ((sample.Round, (int)sample.Index).CompareTo(_newest) > 0)
        {
            _newest = (sample.Round, sample.Index);
        }
        if (sample.IsLost)
        {
            _lost++;
            CountLoss_NeedsLock(sample.Loss);
            return;
        }
        if (_answered is not { } last || (sample.Round, sample.Index).CompareTo((last.Round, last.Index)) > 0)
        {
            _answered = sample;
        }
        _timeToLive = sample.TimeToLive ?? _timeToLive;
        _sum += sample.Value;
        _buckets[ClassicBuckets.IndexOf(sample.Value)]++;
        if (sample.Value > 0)
        {
            _exponential.Add(sample.Value);
        }
        else
        {
            _zeros++;
        }
    }

    /// <summary>Replaces the list, which a scrape may be reading.</summary>
    private void CountLoss_NeedsLock(LossReason reason)
    {
        var place = Array.FindIndex(_losses, loss => loss.Reason == reason);
        var losses = place < 0 ? [.. _losses, (reason, 0)] : _losses.ToArray();
        losses[place < 0 ? ^1 : place].Count++;
        _losses = losses;
    }
}

/// <summary>The label <c>family</c>.</summary>
internal static class FamilyLabels
{
    /// <summary>IPv4.</summary>
    public static readonly Labels Four = Labels.Of(("family", "4"));

    /// <summary>IPv6.</summary>
    public static readonly Labels Six = Labels.Of(("family", "6"));
}
