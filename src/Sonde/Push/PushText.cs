using System.Globalization;

namespace Sonde.Push;

/// <summary>Reads what a job writes into its URL.</summary>
internal static class PushText
{
    /// <summary>The longest message that is kept; the rest is cut off.</summary>
    public const int MaxMessage = 200;

    private const int MaxDigits = 32;
    private static readonly TimeSpan MaxDuration = TimeSpan.FromDays(6);

    /// <summary>
    /// Reads a duration: seconds, or a number with <c>ms</c> or <c>s</c>, up to 6 days; false when it is none.
    /// </summary>
    public static bool TryParseDuration(string text, out TimeSpan duration)
    {
        duration = default;
        var isMilliseconds = text.EndsWith("ms", StringComparison.Ordinal);
        var digits = text.AsSpan()[..^(isMilliseconds ? 2 : text.EndsWith('s') ? 1 : 0)];
        if (digits.Length > MaxDigits || !decimal.TryParse(
            digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }
        var seconds = isMilliseconds ? number / 1_000 : number;
        if (seconds > (decimal)MaxDuration.TotalSeconds)
        {
            return false;
        }
        duration = TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond));
        return true;
    }

    /// <summary>Reads how a process exited: 0 to 255.</summary>
    public static bool TryParseExitCode(string text, out byte code) =>
        byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out code);

    /// <summary>The message on one line, without control characters, not too long; null when nothing is left.</summary>
    public static string? Clean(string? message)
    {
        var printable = string.Concat((message ?? "").EnumerateRunes()
            .Select(rune => IsPrintable(rune) ? rune.ToString() : " ")).Trim();
        if (printable.Length > MaxMessage)
        {
            var end = char.IsHighSurrogate(printable[MaxMessage - 2]) ? MaxMessage - 2 : MaxMessage - 1;
            printable = $"{printable[..end]}…";
        }
        return printable.Length > 0 ? printable : null;
    }

    private static bool IsPrintable(System.Text.Rune rune) => System.Text.Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator);
}
