namespace Sonde.Samples;

/// <summary>How the way to the store stands.</summary>
/// <param name="WaitingSamples">Samples in memory that are not stored yet.</param>
/// <param name="SpooledSamples">Samples in the spool that are not stored yet.</param>
/// <param name="StoredSamples">Samples stored since the start.</param>
/// <param name="DroppedSamples">Samples dropped since the start: neither memory nor spool had room.</param>
/// <param name="Problem">Why the store does not take samples and what to do, in a sentence; null when it does.</param>
/// <param name="LastAppend">How long the last append took; null = none yet.</param>
internal sealed record StoreStatus(
    long WaitingSamples, long SpooledSamples, long StoredSamples, long DroppedSamples, string? Problem,
    TimeSpan? LastAppend)
{
    /// <summary>How many appends succeeded since the start.</summary>
    public long Appends { get; init; }

    /// <summary>How long they took together.</summary>
    public TimeSpan AppendTime { get; init; }
}
