using Sonde.Marks;
using Sonde.Samples;

namespace Sonde.Cli;

/// <summary>Has marks written in their turn with the samples, and says each in the log.</summary>
internal sealed partial class MarkWriter(StoreWriter writer, IMarkStore store, ILogger<MarkWriter> logger)
{
    /// <summary>Adds a mark; never waits. Any thread.</summary>
    public void Add(Mark mark)
    {
        LogMark(mark.Kind, mark.Text);
        writer.Write(cancellationToken => store.AddMarkAsync(mark, cancellationToken));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Kind}: {Text}")]
    private partial void LogMark(MarkKind kind, string text);
}
