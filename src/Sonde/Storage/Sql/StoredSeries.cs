using Sonde.Samples;
using Sonde.Storage.Blocks;

namespace Sonde.Storage.Sql;

/// <summary>A series in the store: what of it is sealed in blocks, and what is open, in the journal and here.</summary>
/// <remarks>Invariant: every open sample comes after every sealed one. Changed by the writer only; the lock is the
/// table's.</remarks>
internal sealed class StoredSeries(int id, SeriesKey key, ReadableSeries stored)
{
    /// <summary>So many open samples make a block, whatever their times.</summary>
    public const int FullBlock = BlockCut.MaxCount;

    /// <summary>Fewer make none, also when the next round boundary has come.</summary>
    public const int SmallestBlock = 401;

    private long _nextCut = long.MaxValue;

    /// <summary>Its number in the database; stored, never used again.</summary>
    public int Id { get; } = id;

    /// <summary>Its key; a renamed check changes it.</summary>
    public SeriesKey Key { get; set; } = key;

    /// <summary>The last sample that is in a block.</summary>
    public SampleIdentity SealedUpTo { get; private set; } = stored.SealedUpTo;

    /// <summary>No block of it spans more time.</summary>
    public long LongestBlockMilliseconds { get; private set; } = stored.LongestBlockMilliseconds;

    /// <summary>True when the order of its blocks in time is not that of their rounds.</summary>
    public bool IsStepped { get; private set; } = stored.IsStepped;

    /// <summary>The last block in the order of rounds, when this process wrote it.</summary>
    public BlockKey? LastBlock { get; set; }

    /// <summary>The open samples, in order.</summary>
    public PackedSamples Open { get; private set; } = new();

    /// <summary>The journal row that the oldest open sample is in; meaningless when nothing is open.</summary>
    public long OpenSince { get; private set; }

    /// <summary>True when the open samples make a block.</summary>
    public bool IsFull =>
        Open.Count >= FullBlock || (Open.Count >= SmallestBlock && Open.LastSentAtMilliseconds >= _nextCut);

    /// <summary>True while it waits for its block.</summary>
    public bool IsInLine { get; set; }

    /// <summary>True while the transaction under way seals it.</summary>
    public bool IsSealing { get; set; }

    /// <summary>The last sample that the transaction under way seals.</summary>
    public SampleIdentity SealingUpTo { get; set; }

    /// <summary>Samples up to here belong into blocks, once the transaction under way is durable.</summary>
    public SampleIdentity BlocksEnd => IsSealing ? SealingUpTo : SealedUpTo;

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

    /// <summary>The open samples up to <see cref="SealingUpTo"/> are in blocks now, in the store for good.</summary>
    /// <param name="rest">The samples behind them, which stay open.</param>
    /// <param name="journalRow">The journal row that those are in again.</param>
    /// <param name="nextCutMilliseconds">When the next block should end.</param>
    public void Seal(ReadOnlySpan<Sample> rest, long journalRow, long nextCutMilliseconds)
    {
        SealedUpTo = SealingUpTo;
        Open.Clear();
        foreach (ref readonly var sample in rest)
        {
            Open.Add(0, sample);
        }
        OpenSince = journalRow;
        _nextCut = nextCutMilliseconds;
        IsSealing = IsInLine = false;
    }

    /// <summary>What a reader within the transaction under way must know.</summary>
    public ReadableSeries ToReadable() => new(Id, BlocksEnd, LongestBlockMilliseconds, IsStepped);

    /// <summary>A block of this length was written.</summary>
    public void NoteLength(long milliseconds) =>
        LongestBlockMilliseconds = Math.Max(LongestBlockMilliseconds, milliseconds);

    /// <summary>Two blocks follow each other in the order of rounds.</summary>
    public void NoteOrder(BlockKey before, BlockKey after) =>
        IsStepped |= before.FirstMilliseconds > after.FirstMilliseconds;

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
