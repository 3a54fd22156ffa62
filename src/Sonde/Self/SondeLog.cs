using Microsoft.Extensions.Logging.Console;

namespace Sonde.Self;

/// <summary>The program's log on stderr: a line an event for people, or a JSON object an event for machines.</summary>
internal static class SondeLog
{
    /// <summary>Sets the log up: information and above of Sonde, warnings and above of the framework.</summary>
    public static ILoggingBuilder AddSondeLog(this ILoggingBuilder logging, bool asJson)
    {
        logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning);
        // a start that fails is told by its caller, in a sentence
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error); // says at each start that its keys lie in the data directory
        logging.AddConsoleFormatter<LogLine, ConsoleFormatterOptions>();
        logging.AddJsonConsole(options => options.UseUtcTimestamp = true);
        logging.Services.Configure<JsonConsoleFormatterOptions>(options => options.TimestampFormat = LogLine.TimeFormat);
        logging.AddConsole(options =>
        {
            options.FormatterName = asJson ? ConsoleFormatterNames.Json : LogLine.FormatterName;
            options.LogToStandardErrorThreshold = LogLevel.Trace;
        });
        return logging;
    }
}
