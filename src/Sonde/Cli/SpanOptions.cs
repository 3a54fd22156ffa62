using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Sonde.Cli;

/// <summary>The options <c>--from</c> and <c>--to</c>, which say a span of time.</summary>
internal sealed class SpanOptions
{
    /// <summary>Adds them to a verb.</summary>
    public SpanOptions(Command command)
    {
        command.Add(From);
        command.Add(To);
        command.Validators.Add(result =>
        {
            if (result.GetResult(From) is { Errors: var fromErrors } && !fromErrors.Any()
                && result.GetResult(To) is { Errors: var toErrors } && !toErrors.Any()
                && result.GetValue(From) is { } from && result.GetValue(To) is { } to && from > to)
            {
                result.AddError($"--from {from:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} is after "
                    + $"--to {to:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}: no sample is in such a span");
            }
        });
    }

    private Option<DateTimeOffset?> From { get; } = new("--from")
    {
        HelpName = "TIME",
        Description = "Begin at this time, like 2026-01-31 or 2026-01-31T12:00:00Z; UTC unless it says otherwise",
        CustomParser = ParseTime,
    };

    private Option<DateTimeOffset?> To { get; } = new("--to")
    {
        HelpName = "TIME",
        Description = "End before this time",
        CustomParser = ParseTime,
    };

    /// <summary>The first millisecond since 1970 UTC of the span.</summary>
    public long FromMilliseconds(ParseResult arguments) =>
        arguments.GetValue(From)?.ToUnixTimeMilliseconds() ?? long.MinValue;

    /// <summary>The first millisecond after the span.</summary>
    public long ToMilliseconds(ParseResult arguments) =>
        arguments.GetValue(To)?.ToUnixTimeMilliseconds() ?? long.MaxValue;

    private static DateTimeOffset? ParseTime(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Styles, out var time))
        {
            return time;
        }
        result.AddError($"'{text}' is not a time; write it like 2026-01-31 or 2026-01-31T12:00:00Z");
        return null;
    }
}
