namespace Sonde.Measurement.Statistics;

/// <summary>What exact sums say about a distribution.</summary>
internal static class ExactMoments
{
    /// <summary>√(Σx²/n − (Σx/n)²), without the cancellation that doubles suffer when the spread is small against the
    /// mean.</summary>
    /// <param name="count">n, 1 or more.</param>
    /// <param name="sum">Σx.</param>
    /// <param name="sumOfSquares">Σx².</param>
    public static double StandardDeviation(long count, UInt128 sum, UInt128 sumOfSquares)
    {
        var n = (UInt128)(ulong)count;
        var (mean, rest) = UInt128.DivRem(sum, n);
        // n times the variance, but for the fraction of the mean: rest · sum ÷ n
        var spread = sumOfSquares - mean * sum;
        var variance = spread <= UInt128.MaxValue / n
            ? (double)(n * spread - rest * sum) / count / count
            : ((double)spread - (double)(rest * sum) / count) / count;   // so wide a spread that nothing cancels
        return Math.Sqrt(variance);
    }
}
