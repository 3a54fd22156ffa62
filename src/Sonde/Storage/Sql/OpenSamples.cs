using System.Runtime.InteropServices;
using Sonde.Samples;

namespace Sonde.Storage.Sql;

/// <summary>
/// Puts journaled samples into the open part of their series: of a batch just committed, or of all rows at a start.
/// </summary>
/// <param name="opened">Told of each series that had nothing open, and the row since when it has.</param>
internal sealed class OpenSamples(Action<StoredSeries, long> opened)
{
    private readonly Dictionary<StoredSeries, List<Sample>> _disordered = [];

    /// <summary>Adds a sample; those that are in blocks already are left out.</summary>
    public void Add(StoredSeries series, in Sample sample, long row)
    {
        if (SampleIdentity.Of(sample) <= series.SealedUpTo)
        {
            return;
        }
        if (series.Open.Count == 0)
        {
            opened(series, row);
        }
        if (!series.TryAdd(sample, row))
        {
            ref var late = ref CollectionsMarshal.GetValueRefOrAddDefault(_disordered, series, out _);
            (late ??= []).Add(sample);
        }
    }

    /// <summary>Puts those into their place that did not come in order.</summary>
    public void Settle()
    {
        foreach (var (series, late) in _disordered)
        {
            series.Merge(late);
        }
        _disordered.Clear();
    }

    /// <summary>Adds all samples of a journal row.</summary>
    /// <returns>False when the row is damaged; what came before the damage is added.</returns>
    public bool AddRow(ReadOnlySpan<byte> packed, Func<int, StoredSeries?> find, long row)
    {
        var reader = new PackedSampleReader(packed);
        var isWhole = packed.Length > 0;
        while (reader.TryRead(out var id, out var sample))
        {
            if (find(id) is { } series)
            {
                Add(series, sample, row);
            }
            else
            {
                isWhole = false;
            }
        }
        return isWhole && !reader.IsDamaged;
    }
}
