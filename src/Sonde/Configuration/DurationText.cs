using System.Globalization;

namespace Sonde.Configuration;

/// <summary>
/// Durations as people write them: <c>250ms</c>, <c>1.5s</c>, <c>5m</c>, <c>1h</c>, <c>1d</c>, <c>1y</c> (365 days);
/// a bare number is seconds.
/// </summary>
internal static class DurationText
{
    private static readonly (string Unit, long Ticks)[] Units =
    [
        ("ms", TimeSpan.TicksPerMillisecond),
        ("s", TimeSpan.TicksPerSecond),
        ("m", TimeSpan.TicksPerMinute),
        ("h", TimeSpan.TicksPerHour),
        ("d", TimeSpan.TicksPerDay),
        ("y", 365 * TimeSpan.TicksPerDay),
    ];

    /// <summary>
    /// Reads a duration; false when the text is none. What exceeds <see cref="TimeSpan.MaxValue"/> becomes it.
    /// </summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var digits = text.AsSpan().TrimEnd("abcdefghijklmnopqrstuvwxyz");
        var ticks = TicksOf(text[digits.Length..]);
        if (ticks is null || !decimal.TryParse(
            digits.TrimEnd(' '), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }
        duration = number > (decimal)long.MaxValue / ticks.Value
            ? TimeSpan.MaxValue
            : TimeSpan.FromTicks((long)(number * ticks.Value));
        return true;
    }

    /// <summary>The duration in the largest unit that needs no fraction, for example <c>90s</c> or <c>1y</c>.</summary>
    public static string Write(TimeSpan duration)
    {
        foreach (var (unit, ticks) in Units.Reverse())
        {
            if (duration.Ticks % ticks == 0 && duration.Ticks != 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / ticks}{unit}");
            }
        }
        return string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds}ms");
    }

    private static long? TicksOf(string unit)
    {
        if (unit.Length == 0)
        {
            return TimeSpan.TicksPerSecond;
        }
        foreach (var (word, ticks) in Units)
        {
            if (word == unit)
            {
                return ticks;
            }
        }
        return null;
    }
}
