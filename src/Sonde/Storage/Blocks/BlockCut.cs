namespace Sonde.Storage.Blocks;

internal static class BlockCut
{
    public static int Find(ReadOnlySpan<long> t, bool isFull) => Math.Min(t.Length, isFull ? 600 : 0);
}
