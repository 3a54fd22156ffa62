namespace Sonde.RemoteWrite;

/// <summary>What became of a request.</summary>
/// <param name="Kind">Whether it arrived, may be tried again, or never will be taken.</param>
/// <param name="Problem">Why it did not arrive, in words without secrets; null when it did.</param>
/// <param name="RetryAfter">How long the receiver asked to be left alone; null when it did not say.</param>
internal readonly record struct Delivery(DeliveryKind Kind, string? Problem = null, TimeSpan? RetryAfter = null)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(5);

    /// <summary>How long to wait before the next try: 1 s, doubled with each failure up to 30 s, but not less than
    /// the receiver asked for, of which at most 5 min are believed.</summary>
    /// <param name="failures">Tries that failed in a row, 1 or more.</param>
    public TimeSpan DelayAfter(int failures)
    {
        var doubled = FirstDelay * Math.Pow(2, Math.Min(failures - 1, 10));
        var own = doubled < LongestDelay ? doubled : LongestDelay;
        var asked = RetryAfter is not { } retryAfter ? TimeSpan.Zero
            : retryAfter < LongestRetryAfter ? retryAfter : LongestRetryAfter;
        return own > asked ? own : asked;
    }
}

/// <summary>What became of a request.</summary>
internal enum DeliveryKind : byte
{
    /// <summary>The receiver took it.</summary>
    Taken,

    /// <summary>It may be taken later: the network, 429, or 5xx.</summary>
    Failed,

    /// <summary>It would never be taken: any other status.</summary>
    Refused,
}
