namespace Sonde.Storage.Blocks;

/// <summary>A number near the median, several times as fast as by sorting.</summary>
internal static class RoughMedian
{
    /// <summary>The median of medians of medians … of three (the ninther of Tukey, 1978, further on).</summary>
    /// <param name="numbers">The numbers; a power of 3 is best, of other counts some are left out. They are
    /// overwritten.</param>
    /// <returns>0 when there are none.</returns>
    public static long Of(Span<long> numbers)
    {
        for (; numbers.Length > 2; numbers = numbers[..(numbers.Length / 3)])
        {
            for (var i = 0; i < numbers.Length / 3; i++)
            {
                var (a, b, c) = (numbers[3 * i], numbers[3 * i + 1], numbers[3 * i + 2]);
                numbers[i] = Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
            }
        }
        return numbers.IsEmpty ? 0 : numbers[0];
    }
}
