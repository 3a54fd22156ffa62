using Sonde.Measurement;

namespace Sonde.Samples;

/// <summary>
/// Reads what <see cref="PackedSamples"/> packed. Any bytes may be given: damaged ones end it early, and it says so.
/// </summary>
internal ref struct PackedSampleReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _position;
    private PackedPrevious _previous;

    /// <summary>True when the bytes were not what was packed.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>Reads the next sample; false at the end, or when the bytes are damaged.</summary>
    /// <param name="series">The number under which it was packed; <see cref="Sample.Series"/> is set to it too.</param>
    /// <param name="sample">The sample.</param>
    public bool TryRead(out int series, out Sample sample)
    {
        if (_position == _bytes.Length || IsDamaged)
        {
            (series, sample) = (0, default);
            return false;
        }
        if (TryReadNext(out series, out sample))
        {
            _previous.Remember(series, sample);
            return true;
        }
        IsDamaged = true;
        return false;
    }

    private bool TryReadNext(out int series, out Sample sample)
    {
        (series, sample) = (_previous.Series, default);
        var head = (PackedHead)_bytes[_position++];
        if (!head.HasFlag(PackedHead.SameSeries) && !TryReadSeries(out series))
        {
            return false;
        }
        long round = _previous.ExpectedRound(series), index = 0;
        if (!head.HasFlag(PackedHead.ExpectedRound))
        {
            if (!TryReadSigned(out var step) || !TryReadUpTo(ushort.MaxValue, out index))
            {
                return false;
            }
            round = unchecked(_previous.Round + step);
        }
        if (!TryReadSigned(out var sentAfter) ||
            !TryReadByte(head.HasFlag(PackedHead.Lost), out var loss) ||
            !TryReadValue(head.HasFlag(PackedHead.HasValue), out var value) ||
            !TryReadDuplicates(head.HasFlag(PackedHead.HasDuplicates), out var duplicates) ||
            !TryReadByte(head.HasFlag(PackedHead.HasTimeToLive), out var timeToLive))
        {
            return false;
        }
        sample = new Sample
        {
            Series = new SeriesHandle(series),
            Round = round,
            Index = (ushort)index,
            SentAtMilliseconds = unchecked(_previous.SentAtMilliseconds + sentAfter),
            Loss = (LossReason)loss,
            Value = value,
            IsSuspect = head.HasFlag(PackedHead.Suspect),
            Duplicates = (ushort)duplicates,
            TimeToLive = head.HasFlag(PackedHead.HasTimeToLive) ? timeToLive
                : head.HasFlag(PackedHead.SameTimeToLive) ? _previous.TimeToLive : null,
        };
        return true;
    }

    private bool TryReadSeries(out int series)
    {
        series = 0;
        if (!TryReadSigned(out var difference) || difference is < -uint.MaxValue or > uint.MaxValue)
        {
            return false;
        }
        var number = _previous.Series + difference;
        series = unchecked((int)number);
        return series == number;
    }

    private bool TryReadValue(bool isThere, out long value)
    {
        value = 0;
        return !isThere || TryReadSigned(out value);
    }

    private bool TryReadDuplicates(bool areThere, out long duplicates)
    {
        duplicates = 0;
        return !areThere || TryReadUpTo(ushort.MaxValue, out duplicates);
    }

    private bool TryReadByte(bool isThere, out byte value)
    {
        value = 0;
        if (!isThere)
        {
            return true;
        }
        if (_position == _bytes.Length)
        {
            return false;
        }
        value = _bytes[_position++];
        return true;
    }

    private bool TryReadSigned(out long value)
    {
        var isRead = Varint.TryRead(_bytes, ref _position, out var raw);
        value = Varint.UnZigZag(raw);
        return isRead;
    }

    private bool TryReadUpTo(int limit, out long value)
    {
        var isRead = Varint.TryRead(_bytes, ref _position, out var raw);
        value = (long)raw;
        return isRead && raw <= (ulong)limit;
    }
}
