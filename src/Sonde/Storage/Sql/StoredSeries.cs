using Sonde.Samples;

namespace Sonde.Storage.Sql;

/// <summary>A series in the store: what of it is sealed in blocks, and what is open, in the journal and here.</summary>
/// <remarks>Invariant: every open sample comes after every sealed one. Changed by the writer only; the lock is the
/// table's.</remarks>
internal sealed class StoredSeries(int id, SeriesKey key, SampleIdentity sealedUpTo)
{
    /// <summary>Samples in a block as a rule.</summary>
    public const int FullBlock = 256;

    // Spreads the first blocks after a start over time, so that 10,000 series do not seal in the same commit. 97 is
    // prime.
    private int _sealAt = (FullBlock / 4) + (id * 97 % (FullBlock * 3 / 4));

    /// <summary>Its number in the database; stored, never used again.</summary>
    public int Id { get; } = id;

    /// <summary>Its key; a renamed check changes it.</summary>
    public SeriesKey Key { get; set; } = key;

    /// <summary>The last sample that is in a block.</summary>
    public SampleIdentity SealedUpTo { get; private set; } = sealedUpTo;

    /// <summary>The open samples, in order.</summary>
    public PackedSamples Open { get; private set; } = new();

    /// <summary>The journal row that the oldest open sample is in; meaningless when nothing is open.</summary>
    public long OpenSince { get; private set; }

    /// <summary>True when the open samples make a block.</summary>
    public bool IsFull => Open.Count >= _sealAt;

    /// <summary>True while it waits for its block.</summary>
    public bool IsInLine { get; set; }

    /// <summary>True while the transaction under way seals it.</summary>
    public bool IsSealing { get; set; }

    /// <summary>Samples up to here belong into blocks, once the transaction under way is durable.</summary>
    public SampleIdentity BlocksEnd => IsSealing ? Open.Last : SealedUpTo;

    /// <summary>Adds a sample that comes after all others.</summary>
    /// <returns>False when it does not: see <see cref="Merge"/>.</returns>
    public bool TryAdd(in Sample sample, long journalRow)
    {
        if (Open.Count == 0)
        {
            OpenSince = journalRow;
        }
        else if (SampleIdentity.Of(sample) <= Open.Last)
        {
            return false;
        }
        Open.Add(0, sample);
        return true;
    }

    /// <summary>
    /// Puts samples into their places among the open ones; those that are there already change nothing.
    /// </summary>
    public void Merge(List<Sample> unordered)
    {
        var all = new List<Sample>();
        Unpack(Open.Bytes, default, all);
        all.AddRange(unordered);
        var merged = new PackedSamples();
        foreach (var sample in SampleOrder.Distinct(all))
        {
            merged.Add(0, sample);
        }
        Open = merged;
    }

    /// <summary>The open samples are in blocks now, in the store for good.</summary>
    public void Seal()
    {
        SealedUpTo = Open.Last;
        Open.Clear();
        _sealAt = FullBlock;
        IsSealing = IsInLine = false;
    }

    /// <summary>Appends the samples of packed bytes, under the given handle.</summary>
    public static void Unpack(ReadOnlySpan<byte> bytes, SeriesHandle series, List<Sample> into)
    {
        var reader = new PackedSampleReader(bytes);
        while (reader.TryRead(out _, out var sample))
        {
            into.Add(sample with { Series = series });
        }
    }
}
