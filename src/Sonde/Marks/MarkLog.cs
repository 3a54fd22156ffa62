using System.Threading.Channels;

namespace Sonde.Marks;

/// <summary>Takes marks from everywhere without waiting, and writes them to the store in their order, again until it works.</summary>
internal sealed partial class MarkLog(IMarkStore store, TimeProvider time, ILogger<MarkLog> logger) : BackgroundService
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(5);

    private readonly Channel<Mark> _waiting = Channel.CreateBounded<Mark>(
        new BoundedChannelOptions(1_024) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    /// <summary>Adds a mark; never waits. Of more than 1,024 that cannot be written, the oldest go.</summary>
    public void Add(Mark mark)
    {
        LogMark(mark.Kind, mark.Text);
        _waiting.Writer.TryWrite(mark);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var mark in _waiting.Reader.ReadAllAsync(stoppingToken))
        {
            while (!await TryWriteAsync(mark, stoppingToken))
            {
                await Task.Delay(RetryInterval, time, stoppingToken);
            }
        }
    }

    private async Task<bool> TryWriteAsync(Mark mark, CancellationToken cancellationToken)
    {
        try
        {
            await store.AddMarkAsync(mark, cancellationToken);
            return true;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            LogNotWritten(error.Message);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Kind}: {Text}")]
    private partial void LogMark(MarkKind kind, string text);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A mark waits for the store: {Problem}")]
    private partial void LogNotWritten(string problem);
}
