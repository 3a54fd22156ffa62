using System.Buffers.Text;
using System.Text;

namespace Sonde.SampleFiles;

/// <summary>How times are written in another tool's file.</summary>
internal enum TimeForm
{
    /// <summary>
    /// ISO 8601, a date with slashes whose order the file shows, or a number whose size tells its unit.
    /// </summary>
    Any,

    /// <summary><c>31/12/2026 23:59</c>.</summary>
    DayFirst,

    /// <summary><c>12/31/2026 11:59 PM</c>.</summary>
    MonthFirst,

    /// <summary>Seconds since 1970.</summary>
    Seconds,

    /// <summary>Milliseconds since 1970.</summary>
    Milliseconds,

    /// <summary>Microseconds since 1970.</summary>
    Microseconds,

    /// <summary>Nanoseconds since 1970.</summary>
    Nanoseconds,
}

/// <summary>Reads the times of another tool's file. One caller at a time, in the order of the lines.</summary>
internal sealed class ForeignTimes(TimeForm form, TimeZoneInfo zone)
{
    // 1973 in seconds, and where milliseconds, microseconds and nanoseconds of the same years begin.
    private const decimal FirstSeconds = 100_000_000, Thousand = 1_000;

    private long _last = long.MinValue;

    /// <summary>Why the last time was refused.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>True for a text that may be a time in some form.</summary>
    public static bool LooksLikeTime(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return TimeText.TryParse(bytes, out _, out _) || SlashedDate.TryParse(bytes, out _)
            || (Utf8Parser.TryParse(bytes, out decimal _, out int length) && length == bytes.Length && length > 0);
    }

    /// <summary>Reads a time: milliseconds since 1970 UTC, not before.</summary>
    public bool TryParse(ReadOnlySpan<byte> text, out long milliseconds)
    {
        text = text.Trim((byte)' ');
        if (!TryLocal(text, out milliseconds, out var hasOffset) || (!hasOffset && !TryToUtc(ref milliseconds)))
        {
            return false;
        }
        if (milliseconds < 0)
        {
            Problem = $"its time is {ShownText.Of(text)}, which is before 1970";
            return false;
        }
        _last = milliseconds;
        return true;
    }

    private bool TryLocal(ReadOnlySpan<byte> text, out long milliseconds, out bool hasOffset)
    {
        hasOffset = true;
        if (form >= TimeForm.Seconds)
        {
            return TryNumber(text, form, out milliseconds) || RefuseForm(text);
        }
        var isUtc = text.EndsWith(" UTC"u8) || text.EndsWith(" GMT"u8);
        text = isUtc ? text[..^4] : text;
        if (TimeText.TryParse(text, out milliseconds, out hasOffset))
        {
            hasOffset |= isUtc;
            return true;
        }
        if (SlashedDate.TryParse(text, out var date))
        {
            hasOffset = isUtc;
            return TryOrder(text, date, out milliseconds);
        }
        hasOffset = true;
        return (form == TimeForm.Any && TryNumber(text, form, out milliseconds)) || RefuseForm(text);
    }

    private bool TryOrder(ReadOnlySpan<byte> text, SlashedDate date, out long milliseconds)
    {
        milliseconds = 0;
        var order = date.Evidence == TimeForm.Any ? form : date.Evidence;
        if (order == TimeForm.Any && date.First != date.Second)
        {
            Problem = $"in {ShownText.Of(text)} the day or the month may come first: say --time-format dd/mm/yyyy or "
                + "--time-format mm/dd/yyyy";
            return false;
        }
        if (form != TimeForm.Any && order != form)
        {
            return RefuseForm(text);
        }
        return date.TryRead(order, out milliseconds) || RefuseForm(text);
    }

    private static bool TryNumber(ReadOnlySpan<byte> text, TimeForm form, out long milliseconds)
    {
        milliseconds = 0;
        if (!Utf8Parser.TryParse(text, out decimal number, out int length) || length != text.Length
            || number is < 0 or > 1e22m)
        {
            return false;
        }
        if (form == TimeForm.Any)
        {
            form = number < FirstSeconds ? TimeForm.Any
                : number < FirstSeconds * Thousand ? TimeForm.Seconds
                : number < FirstSeconds * Thousand * Thousand ? TimeForm.Milliseconds
                : number < FirstSeconds * Thousand * Thousand * Thousand ? TimeForm.Microseconds
                : TimeForm.Nanoseconds;
        }
        number = form switch
        {
            TimeForm.Seconds => number * Thousand,
            TimeForm.Milliseconds => number,
            TimeForm.Microseconds => number / Thousand,
            TimeForm.Nanoseconds => number / (Thousand * Thousand),
            _ => -1,
        };
        milliseconds = number is >= 0 and <= 253_402_300_799_999 ? (long)number : -1;
        return milliseconds >= 0;
    }

    // In the hour that an autumn night has twice, the first one is meant until the times run back.
    private bool TryToUtc(ref long milliseconds)
    {
        if (zone == TimeZoneInfo.Utc)
        {
            return true;
        }
        var local = DateTime.UnixEpoch.AddMilliseconds(milliseconds);
        local = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        if (zone.IsInvalidTime(local))
        {
            Problem = $"its time is {local:yyyy-MM-dd HH:mm:ss}, which does not exist in {zone.Id}: the clocks went "
                + "forward then";
            return false;
        }
        if (!zone.IsAmbiguousTime(local))
        {
            milliseconds -= (long)zone.GetUtcOffset(local).TotalMilliseconds;
            return true;
        }
        var offsets = zone.GetAmbiguousTimeOffsets(local);
        var first = milliseconds - (long)offsets.Max().TotalMilliseconds;
        milliseconds = first >= _last ? first : milliseconds - (long)offsets.Min().TotalMilliseconds;
        return true;
    }

    private bool RefuseForm(ReadOnlySpan<byte> text)
    {
        Problem = $"its time is {ShownText.Of(text)}, which cannot be read"
            + (form == TimeForm.Any ? "; --time-format says how times are written" : " in that --time-format");
        return false;
    }
}
