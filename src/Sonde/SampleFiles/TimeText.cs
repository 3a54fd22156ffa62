namespace Sonde.SampleFiles;

/// <summary>Reads times of the form ISO 8601, to the millisecond.</summary>
internal static class TimeText
{
    private const long MillisecondsADay = 86_400_000;
    private static readonly long Epoch = DateTime.UnixEpoch.Ticks / TimeSpan.TicksPerMillisecond;

    /// <summary>
    /// Reads <c>2016-11-19T23:57:45.123Z</c>: also with a space instead of the <c>T</c>, without fraction, seconds or
    /// the whole time of day, with an offset like <c>+01:00</c>, or with neither that nor the <c>Z</c>.
    /// </summary>
    /// <param name="text">The text; blanks around it are passed over.</param>
    /// <param name="milliseconds">Since 1970: UTC, or of whatever clock when there is no offset.</param>
    /// <param name="hasOffset">True when the text says which time of the Earth it is.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out long milliseconds, out bool hasOffset)
    {
        var at = new TextCursor(text.Trim((byte)' '));
        (milliseconds, hasOffset) = (0, false);
        if (!at.TryNumber(4, 4, out var year) || !at.TryOneOf("-/"u8, out var dash)
            || !at.TryNumber(1, 2, out var month) || !at.TryTake(dash) || !at.TryNumber(1, 2, out var day)
            || !TryDate(year, month, day, out milliseconds))
        {
            return false;
        }
        if (at.IsAtEnd)
        {
            return true;
        }
        if (!at.TryOneOf("T t"u8, out _) || !TryTimeOfDay(ref at, out var time))
        {
            return false;
        }
        milliseconds += time;
        at.TryTake((byte)' ');
        if (at.IsAtEnd)
        {
            return true;
        }
        hasOffset = true;
        return TryOffset(ref at, out var offset) && at.IsAtEnd && InRange(milliseconds -= offset);
    }

    /// <summary>The milliseconds since 1970 at which a day begins; false when there is no such day.</summary>
    public static bool TryDate(int year, int month, int day, out long milliseconds)
    {
        var isDate = year is >= 1 and <= 9999 && month is >= 1 and <= 12 && day >= 1
            && day <= DateTime.DaysInMonth(year, month);
        milliseconds = isDate ? (new DateTime(year, month, day).Ticks / TimeSpan.TicksPerMillisecond) - Epoch : 0;
        return isDate;
    }

    /// <summary>Reads <c>23:57</c>, <c>23:57:45</c> or <c>23:57:45.123</c>.</summary>
    /// <param name="at">Goes on behind it.</param>
    /// <param name="milliseconds">Since midnight; what is finer than a millisecond is cut off.</param>
    public static bool TryTimeOfDay(ref TextCursor at, out long milliseconds)
    {
        milliseconds = 0;
        if (!at.TryNumber(1, 2, out var hour) || !at.TryTake((byte)':') || !at.TryNumber(2, 2, out var minute))
        {
            return false;
        }
        int second = 0, fraction = 0;
        if (at.TryTake((byte)':'))
        {
            if (!at.TryNumber(2, 2, out second))
            {
                return false;
            }
            if (at.TryOneOf(".,"u8, out _) && !at.TryThousandths(out fraction))
            {
                return false;
            }
        }
        milliseconds = (((((hour * 60L) + minute) * 60) + second) * 1_000) + fraction;
        return hour <= 24 && minute <= 59 && second <= 59 && milliseconds <= MillisecondsADay;
    }

    private static bool TryOffset(ref TextCursor at, out long milliseconds)
    {
        milliseconds = 0;
        if (at.TryOneOf("Zz"u8, out _))
        {
            return true;
        }
        if (!at.TryOneOf("+-"u8, out var sign) || !at.TryNumber(2, 2, out var hours))
        {
            return false;
        }
        at.TryTake((byte)':');
        var minutes = 0;
        if (!at.IsAtEnd && !at.TryNumber(2, 2, out minutes))
        {
            return false;
        }
        milliseconds = ((hours * 60L) + minutes) * (sign == '-' ? -60_000 : 60_000);
        return hours <= 18 && minutes <= 59;
    }

    private static bool InRange(long milliseconds) => milliseconds is >= -62_135_596_800_000 and <= 253_402_300_799_999;
}

/// <summary>Takes a text apart from left to right.</summary>
internal ref struct TextCursor(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> _rest = text;

    /// <summary>True when nothing is left.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>What is left.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>Takes a number of so many digits, as many as there are.</summary>
    public bool TryNumber(int fewest, int most, out int number)
    {
        var length = 0;
        number = 0;
        while (length < most && length < _rest.Length && char.IsAsciiDigit((char)_rest[length]))
        {
            number = (number * 10) + (_rest[length++] - '0');
        }
        if (length < fewest)
        {
            return false;
        }
        _rest = _rest[length..];
        return true;
    }

    /// <summary>Takes the digits behind a decimal point, of which the first three count.</summary>
    public bool TryThousandths(out int thousandths)
    {
        var digits = _rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        digits = digits < 0 ? _rest.Length : digits;
        thousandths = 0;
        for (var place = 0; place < 3; place++)
        {
            thousandths = (thousandths * 10) + (place < digits ? _rest[place] - '0' : 0);
        }
        _rest = _rest[digits..];
        return digits > 0;
    }

    /// <summary>Takes that byte when it comes next.</summary>
    public bool TryTake(byte wanted)
    {
        if (_rest.IsEmpty || _rest[0] != wanted)
        {
            return false;
        }
        _rest = _rest[1..];
        return true;
    }

    /// <summary>Takes one of those bytes when it comes next.</summary>
    public bool TryOneOf(ReadOnlySpan<byte> wanted, out byte taken)
    {
        taken = _rest.IsEmpty ? (byte)0 : _rest[0];
        return !_rest.IsEmpty && wanted.Contains(taken) && TryTake(taken);
    }
}
