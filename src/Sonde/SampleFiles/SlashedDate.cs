namespace Sonde.SampleFiles;

/// <summary>A date like <c>14/10/2016 21:17</c>, of which the day or the month comes first, with its time.</summary>
/// <param name="First">The first number.</param>
/// <param name="Second">The second number.</param>
/// <param name="Year">The year.</param>
/// <param name="TimeOfDay">Milliseconds since midnight.</param>
/// <param name="HasDots">True for <c>14.10.2016</c>, which is written with the day first everywhere.</param>
internal readonly record struct SlashedDate(int First, int Second, int Year, long TimeOfDay, bool HasDots)
{
    private const int Months = 12;

    /// <summary>What the date alone shows: the order of its numbers, or nothing.</summary>
    public TimeForm Evidence => HasDots || First > Months ? TimeForm.DayFirst
        : Second > Months ? TimeForm.MonthFirst
        : TimeForm.Any;

    /// <summary>Reads one, whatever its order; false when the text is no such date.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out SlashedDate date)
    {
        date = default;
        var at = new TextCursor(text);
        if (!at.TryNumber(1, 2, out var first) || !at.TryOneOf("/.-"u8, out var dash)
            || !at.TryNumber(1, 2, out var second) || !at.TryTake(dash) || !at.TryNumber(4, 4, out var year))
        {
            return false;
        }
        var time = 0L;
        if (!at.IsAtEnd)
        {
            at.TryTake((byte)',');
            if (!at.TryOneOf(" T"u8, out _) || !TimeText.TryTimeOfDay(ref at, out time) || !TryHalf(at.Rest, ref time))
            {
                return false;
            }
        }
        date = new SlashedDate(first, second, year, time, dash == '.');
        return true;
    }

    /// <summary>The milliseconds since 1970 of its own clock; false when there is no such day.</summary>
    /// <param name="order"><see cref="TimeForm.MonthFirst"/>, or anything else for the day first.</param>
    /// <param name="milliseconds">The time.</param>
    public bool TryRead(TimeForm order, out long milliseconds)
    {
        var (day, month) = order == TimeForm.MonthFirst ? (Second, First) : (First, Second);
        var isDate = TimeText.TryDate(Year, month, day, out milliseconds);
        milliseconds += TimeOfDay;
        return isDate;
    }

    private static bool TryHalf(ReadOnlySpan<byte> text, ref long time)
    {
        const long HalfDay = 43_200_000;
        text = text.TrimStart((byte)' ');
        if (text.IsEmpty)
        {
            return true;
        }
        var isAfternoon = text.Length == 2 && (text[0] | 0x20) == 'p';
        var isHalf = text.Length == 2 && (isAfternoon || (text[0] | 0x20) == 'a') && (text[1] | 0x20) == 'm';
        time = (time % HalfDay) + (isAfternoon ? HalfDay : 0);
        return isHalf;
    }
}
