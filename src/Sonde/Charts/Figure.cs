using System.Globalization;

namespace Sonde.Charts;

/// <summary>Numbers as the pages show them, in any culture alike; <c>figures.ts</c> writes them the same way.</summary>
internal static class Figure
{
    /// <summary>What stands where there is no number.</summary>
    public const string None = "–";

    /// <summary>Milliseconds, with as many decimals as help to compare: 0.042, 1.24, 35.1, 240.</summary>
    public static string Ms(double? milliseconds) => milliseconds switch
    {
        null => None,
        < 0.9995 => Text(milliseconds.Value, "0.000"),
        < 9.995 => Text(milliseconds.Value, "0.00"),
        < 99.95 => Text(milliseconds.Value, "0.0"),
        _ => Text(milliseconds.Value, "0"),
    };

    /// <summary>A ratio as percent: 0, below 0.1, then one decimal; 100 only when all is.</summary>
    public static string Percent(double? ratio) => ratio switch
    {
        null => None,
        0 => "0 %",
        1 => "100 %",
        < 0.001 => "< 0.1 %",
        > 0.999 => "> 99.9 %",
        _ => $"{Text(ratio.Value * 100, "0.0")} %",
    };

    /// <summary>A ratio of success as percent with three decimals, never rounded up to 100.</summary>
    public static string Uptime(double? ratio) => ratio switch
    {
        null => None,
        1 => "100 %",
        _ => $"{Text(Math.Floor(ratio.Value * 100_000) / 1_000, "0.000")} %",
    };

    /// <summary>A whole number with thin spaces between thousands.</summary>
    public static string Count(long count) =>
        count.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', '\u202f');

    /// <summary>Probes per second.</summary>
    public static string Rate(double perSecond) =>
        Text(perSecond, perSecond < 10 ? "0.##" : "#,0").Replace(',', '\u202f');

    /// <summary>A span of time in the largest unit that needs no fraction, for example 90 s, 5 min, 1 h.</summary>
    public static string Span(double seconds)
    {
        foreach (var (unit, length) in ((string, int)[])[("d", 86_400), ("h", 3_600), ("min", 60)])
        {
            if (seconds >= length && seconds % length == 0)
            {
                return $"{Text(seconds / length, "0")} {unit}";
            }
        }
        return $"{Text(seconds, "0.###")} s";
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
