using Sonde.Samples;

namespace Sonde.Storage.Sql;

/// <content>The deletion of what is too old or too much, between the appends.</content>
internal sealed partial class SampleStore : IStoreRetention
{
    /// <inheritdoc/>
    public async ValueTask<RetentionResult> RetainAsync(
        RetentionPolicy policy, long nowMilliseconds, CancellationToken cancellationToken)
    {
        using var work = new RetentionWork(policy, nowMilliseconds);
        while (await WriteAsync(work.Turn, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
        return work.Result;
    }
}
