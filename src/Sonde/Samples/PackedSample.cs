using System.Runtime.InteropServices;
using Sonde.Measurement;
using Sonde.Measurement.Statistics;

namespace Sonde.Samples;

/// <summary>A sample of a known series in 16 bytes, relative to an <see cref="Origin"/>: what windows need of
/// it.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly struct PackedSample
{
    private const byte SuspectBit = 0x80;   // loss reasons stay below 128
    private const byte LongBit = 0x80;      // of the index, which stays below 128
    private const long MaxValue = (1L << 39) - 1;

    private readonly int _round;
    private readonly int _sentAt;
    private readonly uint _value;
    private readonly ushort _duplicates;
    private readonly byte _indexAndLong;     // long: the value needs more than 32 bits
    private readonly byte _lossAndSuspect;   // where a loss reason would be, a long value has its upper bits

    private PackedSample(int round, int sentAt, in Sample sample)
    {
        _round = round;
        _sentAt = sentAt;
        _value = sample.IsLost ? 0 : (uint)sample.Value;
        _duplicates = sample.Duplicates;
        var isLong = !sample.IsLost && sample.Value > uint.MaxValue;
        _indexAndLong = (byte)(sample.Index | (isLong ? LongBit : 0));
        var lossOrUpper = isLong ? (byte)(sample.Value >> 32) : (byte)sample.Loss;
        _lossAndSuspect = (byte)(lossOrUpper | (sample.IsSuspect ? SuspectBit : 0));
    }

    private PackedSample(int round, int sentAt, in PackedSample sample)
    {
        this = sample;
        _round = round;
        _sentAt = sentAt;
    }

    private bool IsLong => (_indexAndLong & LongBit) != 0;

    private byte Index => (byte)(_indexAndLong & ~LongBit);

    private LossReason Loss => IsLong ? LossReason.None : (LossReason)(_lossAndSuspect & ~SuspectBit);

    private long Value => IsLong ? ((long)(_lossAndSuspect & ~SuspectBit) << 32) | _value : _value;

    private bool IsSuspect => (_lossAndSuspect & SuspectBit) != 0;

    /// <summary>True for every sample that a check can make: index up to 127 (packets: 100), value up to six days (a
    /// job may take that long).</summary>
    public static bool CanHold(in Sample sample) =>
        sample.Index < LongBit && (byte)sample.Loss < SuspectBit
        && (sample.IsLost || sample.Value is >= 0 and <= MaxValue);

    /// <summary>When it was sent: milliseconds since 1970 UTC.</summary>
    public long SentAtMilliseconds(in Origin origin) => origin.SentAtMilliseconds + _sentAt;

    /// <summary>Negative when it comes before (round, index), zero when it is that one, positive when it comes
    /// after.</summary>
    public int CompareTo(long round, int index, in Origin origin)
    {
        var byRound = (origin.Round + _round).CompareTo(round);
        return byRound != 0 ? byRound : ((int)Index).CompareTo(index);
    }

    /// <summary>Adds it to a window as the next one.</summary>
    public void AddTo(Window window, in Origin origin) =>
        window.Add(origin.Round + _round, Index, Loss, Value, _duplicates, IsSuspect);

    /// <summary>The sample in full, but for its hop limit.</summary>
    public Sample Unpack(SeriesHandle series, in Origin origin) => new()
    {
        Series = series,
        Round = origin.Round + _round,
        Index = Index,
        SentAtMilliseconds = SentAtMilliseconds(origin),
        Value = Value,
        Loss = Loss,
        IsSuspect = IsSuspect,
        Duplicates = _duplicates,
    };

    /// <summary>The same sample relative to another origin; false when it is too far away from that.</summary>
    public bool TryRebase(in Origin from, in Origin to, out PackedSample rebased)
    {
        var isNear = to.TryMeasure(from.Round + _round, SentAtMilliseconds(from), out var round, out var sentAt);
        rebased = isNear ? new PackedSample(round, sentAt, this) : default;
        return isNear;
    }

    /// <summary>What packed samples are relative to: reaches 24 days and 2 billion rounds either way.</summary>
    public readonly record struct Origin(long Round, long SentAtMilliseconds)
    {
        /// <summary>The sample relative to this origin; false when it is too far away.</summary>
        public bool TryPack(in Sample sample, out PackedSample packed)
        {
            var isNear = TryMeasure(sample.Round, sample.SentAtMilliseconds, out var round, out var sentAt);
            packed = isNear ? new PackedSample(round, sentAt, sample) : default;
            return isNear;
        }

        /// <summary>The distances from this origin; false when they are too large.</summary>
        public bool TryMeasure(long round, long sentAtMilliseconds, out int rounds, out int milliseconds)
        {
            rounds = unchecked((int)(round - Round));
            milliseconds = unchecked((int)(sentAtMilliseconds - SentAtMilliseconds));
            return rounds == round - Round && milliseconds == sentAtMilliseconds - SentAtMilliseconds;
        }
    }
}
