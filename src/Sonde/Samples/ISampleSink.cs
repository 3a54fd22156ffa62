namespace Sonde.Samples;

/// <summary>
/// Takes what was measured, in the order of the pipeline. Called by the pipeline's one thread; must not wait.
/// </summary>
internal interface ISampleSink
{
    /// <summary>
    /// Takes a batch: first the samples, then the rounds that ended with them. The memory is used again afterwards.
    /// </summary>
    void Take(ReadOnlySpan<Sample> samples, ReadOnlySpan<Round> rounds);
}
