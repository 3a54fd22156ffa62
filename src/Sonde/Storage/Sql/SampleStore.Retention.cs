using Sonde.Samples;

namespace Sonde.Storage.Sql;

/// <content>The deletion of what is too old or too much, between the appends.</content>
internal sealed partial class SampleStore : IStoreRetention
{
    /// <inheritdoc/>
    public async ValueTask<RetentionResult> RetainAsync(
        RetentionPolicy policy, long nowMilliseconds, CancellationToken cancellationToken)
    {
        await SealAsync(nowMilliseconds - DayTable.DayMilliseconds, cancellationToken);   // what waits would not go
        using var work = new RetentionWork(policy, nowMilliseconds);
        while (await WriteAsync(work.Turn, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
        return work.Result;
    }

    /// <summary>
    /// Puts into blocks what still waits for more samples of its series, of series that have had none since a time.
    /// </summary>
    public async ValueTask SealAsync(long beforeMilliseconds, CancellationToken cancellationToken)
    {
        while (await WriteAsync(session => session.Samples.SealIdle(beforeMilliseconds), cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
