using System.Globalization;
using System.Text.RegularExpressions;

namespace Sonde.Compatibility;

/// <summary>Durations as Go and Prometheus write them: <c>1m30s</c>, <c>500ms</c>, <c>1.5h</c>, <c>1d</c>.</summary>
internal static partial class ForeignDuration
{
    /// <summary>The duration, at most <see cref="TimeSpan.MaxValue"/>; null when the text is none.</summary>
    public static TimeSpan? Parse(string text)
    {
        if (text == "0" || !Whole().IsMatch(text))
        {
            return text == "0" ? TimeSpan.Zero : null;
        }
        var ticks = 0m;
        foreach (Match part in Part().Matches(text))
        {
            if (!decimal.TryParse(
                part.Groups[1].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                || number > TimeSpan.MaxValue.Ticks)
            {
                return TimeSpan.MaxValue;
            }
            ticks += number * TicksOf(part.Groups[2].Value);
        }
        return ticks >= TimeSpan.MaxValue.Ticks ? TimeSpan.MaxValue : TimeSpan.FromTicks((long)ticks);
    }

    private static decimal TicksOf(string unit) => unit switch
    {
        "ns" => 1m / TimeSpan.NanosecondsPerTick,
        "us" or "µs" => TimeSpan.TicksPerMicrosecond,
        "ms" => TimeSpan.TicksPerMillisecond,
        "s" => TimeSpan.TicksPerSecond,
        "m" => TimeSpan.TicksPerMinute,
        "h" => TimeSpan.TicksPerHour,
        "d" => TimeSpan.TicksPerDay,
        "w" => 7 * TimeSpan.TicksPerDay,
        _ => 365 * TimeSpan.TicksPerDay,
    };

    [GeneratedRegex(@"^([0-9]+(\.[0-9]*)?(ns|us|µs|ms|s|m|h|d|w|y))+\z", RegexOptions.NonBacktracking)]
    private static partial Regex Whole();

    [GeneratedRegex("([0-9.]+)(ns|us|µs|ms|s|m|h|d|w|y)", RegexOptions.CultureInvariant)]
    private static partial Regex Part();
}
