using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Sonde.Self;

/// <summary>A line of the log for people: time in UTC, level, the part that speaks, and what it says.</summary>
internal sealed class LogLine(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    /// <summary>The name by which the console finds this formatter.</summary>
    public const string FormatterName = "sonde";

    /// <summary>ISO 8601 with milliseconds.</summary>
    public const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";

    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider,
        TextWriter textWriter)
    {
        var at = time.GetUtcNow().ToString(TimeFormat, CultureInfo.InvariantCulture);
        var part = logEntry.Category[(logEntry.Category.LastIndexOf('.') + 1)..];
        textWriter.WriteLine($"{at} {Word(logEntry.LogLevel)} {part}: {logEntry.Formatter(logEntry.State, null)}");
        if (logEntry.Exception is { } error)
        {
            textWriter.WriteLine(error);
        }
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "debug",
        LogLevel.Information => "info ",
        LogLevel.Warning => "warn ",
        _ => "error",
    };
}
