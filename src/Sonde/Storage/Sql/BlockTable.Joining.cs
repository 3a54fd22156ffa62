using System.Runtime.InteropServices;
using Sonde.Samples;

namespace Sonde.Storage.Sql;

/// <content>Makes fewer blocks of small neighbours.</content>
internal sealed partial class BlockTable
{
    /// <summary>Makes one block, or as few as may be, of neighbours whose samples are there.</summary>
    /// <returns>How many fewer there are; 0 = nothing was done, because one is damaged or it would not help.</returns>
    public int Join(StoredSeries series, List<BlockKey> neighbours)
    {
        var samples = new List<Sample>();
        var blocks = neighbours.Select(block => (Key: block, There: Read(series, block, samples))).ToList();
        if (blocks.Exists(block => block.There.State != BlockState.Whole))
        {
            return 0;
        }
        var ordered = CollectionsMarshal.AsSpan(SampleOrder.Distinct(samples));
        var fewer = blocks.Count - CountCuts(ordered);
        if (fewer <= 0)
        {
            return 0;
        }
        foreach (var (block, there) in blocks)
        {
            Delete(series, block, there);
        }
        Insert(series, ordered);
        return fewer;
    }

    private int CountCuts(ReadOnlySpan<Sample> ordered)
    {
        var cuts = 0;
        for (; !ordered.IsEmpty; cuts++)
        {
            ordered = ordered[Cut(ordered)..];
        }
        return cuts;
    }
}
