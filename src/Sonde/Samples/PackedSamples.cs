namespace Sonde.Samples;

/// <summary>
/// Samples packed one after another, 5 to 9 bytes each as a rule: what waits for the store, the store's journal and its
/// open series are kept so. Lossless. One caller at a time.
/// </summary>
/// <remarks>
/// A sample is a head byte (<see cref="PackedHead"/>) and only those fields that differ from what the sample before
/// lets expect: series (zigzag difference), round (zigzag difference) and index, sent-at (zigzag difference in ms),
/// loss, value (zigzag), duplicates, hop limit. All numbers are <see cref="Varint"/>s, loss and hop limit a byte.
/// </remarks>
internal sealed class PackedSamples
{
    /// <summary>
    /// The most bytes that a sample takes: the head, a byte for loss and hop limit each, six numbers.
    /// </summary>
    public const int MaxSampleLength = 3 + (6 * Varint.MaxLength);

    private byte[] _bytes = [];
    private int _length;
    private PackedPrevious _previous;

    /// <summary>How many samples there are.</summary>
    public int Count { get; private set; }

    /// <summary>The packed bytes; changed by the next call.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>How many bytes they take.</summary>
    public int Length => _length;

    /// <summary>How many bytes are held for them.</summary>
    public int Capacity => _bytes.Length;

    /// <summary>The identity of the sample added last, when there is one.</summary>
    public SampleIdentity Last => new(_previous.Round, _previous.Index);

    /// <summary>When the sample added last was sent, when there is one.</summary>
    public long LastSentAtMilliseconds => _previous.SentAtMilliseconds;

    /// <summary>Adds a sample under the number of its series; the number means what the caller says.</summary>
    public void Add(int series, in Sample sample)
    {
        MakeRoom();
        var to = _bytes.AsSpan(_length);
        var length = 1;
        var head = PackedHead.None;
        if (series == _previous.Series)
        {
            head |= PackedHead.SameSeries;
        }
        else
        {
            length += Varint.Write(to[length..], Varint.ZigZag((long)series - _previous.Series));
        }
        if (sample.Index == 0 && sample.Round == _previous.ExpectedRound(series))
        {
            head |= PackedHead.ExpectedRound;
        }
        else
        {
            length += Varint.Write(to[length..], Varint.ZigZag(unchecked(sample.Round - _previous.Round)));
            length += Varint.Write(to[length..], sample.Index);
        }
        length += Varint.Write(
            to[length..], Varint.ZigZag(unchecked(sample.SentAtMilliseconds - _previous.SentAtMilliseconds)));
        length += AddOutcome(to[length..], sample, ref head);
        to[0] = (byte)head;
        _length += length;
        _previous.Remember(series, sample);
        Count++;
    }

    /// <summary>Forgets the samples and keeps the memory.</summary>
    public void Clear()
    {
        _length = 0;
        _previous = default;
        Count = 0;
    }

    private int AddOutcome(Span<byte> to, in Sample sample, ref PackedHead head)
    {
        var length = 0;
        if (sample.IsLost)
        {
            head |= PackedHead.Lost;
            to[length++] = (byte)sample.Loss;
        }
        if (sample.Value != 0)
        {
            head |= PackedHead.HasValue;
            length += Varint.Write(to[length..], Varint.ZigZag(sample.Value));
        }
        if (sample.IsSuspect)
        {
            head |= PackedHead.Suspect;
        }
        if (sample.Duplicates != 0)
        {
            head |= PackedHead.HasDuplicates;
            length += Varint.Write(to[length..], sample.Duplicates);
        }
        if (sample.TimeToLive == _previous.TimeToLive)
        {
            head |= PackedHead.SameTimeToLive;
        }
        else if (sample.TimeToLive is { } timeToLive)
        {
            head |= PackedHead.HasTimeToLive;
            to[length++] = timeToLive;
        }
        return length;
    }

    // Doubling wastes half of what 10,000 open series hold; beyond 512 bytes it grows by 512, and large ones by a
    // quarter.
    private void MakeRoom()
    {
        if (_bytes.Length - _length < MaxSampleLength)
        {
            var step = Math.Max(Math.Min(_bytes.Length, 512), _bytes.Length / 4);
            Array.Resize(ref _bytes, _bytes.Length + Math.Max(step, 128));
        }
    }
}

/// <summary>The first byte of a packed sample: what follows, and what is as expected.</summary>
[Flags]
internal enum PackedHead : byte
{
    None = 0,
    SameSeries = 1,
    ExpectedRound = 2,
    Lost = 4,
    HasValue = 8,
    Suspect = 16,
    HasDuplicates = 32,
    SameTimeToLive = 64,
    HasTimeToLive = 128,
}

/// <summary>What is known of the sample before; nothing is zero.</summary>
internal struct PackedPrevious
{
    public int Series;
    public ushort Index;
    public byte? TimeToLive;
    public long Round;
    public long SentAtMilliseconds;

    /// <summary>The next round of the same series, or the same round of another.</summary>
    public readonly long ExpectedRound(int series) => unchecked(Round + (series == Series ? 1 : 0));

    public void Remember(int series, in Sample sample)
    {
        Series = series;
        Index = sample.Index;
        TimeToLive = sample.TimeToLive;
        Round = sample.Round;
        SentAtMilliseconds = sample.SentAtMilliseconds;
    }
}
