using System.Buffers.Text;
using System.Text;
using Sonde.Measurement;

namespace Sonde.SampleFiles;

/// <summary>A round-trip time of another tool's file, or that there is none.</summary>
/// <param name="Microseconds">The time; 0 when it was lost.</param>
/// <param name="Loss">Why it was lost; nothing when it was answered.</param>
/// <param name="IsNumber">True when it was lost because the number is 0 or less.</param>
internal readonly record struct ForeignValue(long Microseconds, LossReason Loss, bool IsNumber)
{
    private const int LongestNumber = 64;

    private static readonly HashSet<string> LossWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "nan", "null", "none", "na", "n/a", "-", "*", "lost", "loss", @"\n",
    };

    private static readonly HashSet<string> TimeoutWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "timeout", "timed out", "time out", "request timed out", "request timed out.",
    };

    /// <summary>Reads one; false when the text is neither a number nor a word for a loss, or is out of range.</summary>
    /// <param name="text">The text; blanks around it are passed over.</param>
    /// <param name="query">The unit, and what 0 means.</param>
    /// <param name="hasCommas">True where a comma cannot stand between fields, so that it is a decimal comma.</param>
    /// <param name="value">What it says.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, ForeignQuery query, bool hasCommas, out ForeignValue value)
    {
        text = text.Trim((byte)' ');
        value = new ForeignValue(0, LossReason.Unspecified, IsNumber: false);
        if (text.IsEmpty)
        {
            return true;
        }
        if (!TryNumber(text, hasCommas, out var number))
        {
            return TryWord(text, ref value);
        }
        if (number < 0 || (number == 0 && !query.ZeroIsAnswer))
        {
            value = value with { IsNumber = true };
            return true;
        }
        var microseconds = Math.Round(number * query.MicrosecondsAUnit, MidpointRounding.AwayFromZero);
        value = new ForeignValue((long)Math.Min(microseconds, SampleText.MaxValue), LossReason.None, IsNumber: false);
        return microseconds <= SampleText.MaxValue;
    }

    private static bool TryNumber(ReadOnlySpan<byte> text, bool hasCommas, out double number)
    {
        Span<byte> point = stackalloc byte[LongestNumber];
        if (hasCommas && text.Length <= LongestNumber && text.IndexOf((byte)',') is var comma and >= 0
            && !text.Contains((byte)'.'))
        {
            text.CopyTo(point);
            point[comma] = (byte)'.';
            return Utf8Parser.TryParse(point[..text.Length], out number, out int used) && used == text.Length;
        }
        return Utf8Parser.TryParse(text, out number, out int length) && length == text.Length
            && double.IsFinite(number);
    }

    private static bool TryWord(ReadOnlySpan<byte> text, ref ForeignValue value)
    {
        if (text.Length > 32)
        {
            return false;
        }
        var word = Encoding.UTF8.GetString(text);
        if (TimeoutWords.Contains(word))
        {
            value = value with { Loss = LossReason.Timeout };
            return true;
        }
        return LossWords.Contains(word);
    }
}
