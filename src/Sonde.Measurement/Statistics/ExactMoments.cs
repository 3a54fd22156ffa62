namespace Sonde.Measurement.Statistics;

/// <summary>What exact sums say about a distribution.</summary>
internal static class ExactMoments
{
    /// <summary>√(Σx²/n − (Σx/n)²), without the cancellation that doubles suffer when the spread is small against the
    /// mean.</summary>
    /// <param name="count">n, 1 or more.</param>
    /// <param name="sum">Σx.</param>
    /// <param name="sumOfSquares">Σx².</param>
    public static double StandardDeviation(long count, Int128 sum, UInt128 sumOfSquares)
    {
        var n = (UInt128)(ulong)count;
        var size = (UInt128)Int128.Abs(sum);   // the spread of -x is that of x
        var (mean, rest) = UInt128.DivRem(size, n);
        // n times the variance, but for the fraction of the mean: rest · size ÷ n
        var spread = sumOfSquares - mean * size;
        var variance = spread <= UInt128.MaxValue / n
            ? (double)(n * spread - rest * size) / count / count
            : ((double)spread - (double)(rest * size) / count) / count;   // so wide a spread that nothing cancels
        return Math.Sqrt(variance);
    }
}
