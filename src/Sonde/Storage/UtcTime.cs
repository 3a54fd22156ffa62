using System.Globalization;

namespace Sonde.Storage;

/// <summary>Stored times in sentences.</summary>
internal static class UtcTime
{
    private static readonly long First = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long Last = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>For example <c>2026-01-31 12:00:00</c>, UTC; the nearest that a calendar has.</summary>
    public static string Of(long milliseconds) => DateTimeOffset
        .FromUnixTimeMilliseconds(Math.Clamp(milliseconds, First, Last))
        .ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>The same as <c>2026-01-31T12:00:00.000Z</c>, for JSON.</summary>
    public static string Iso(long milliseconds) => DateTimeOffset
        .FromUnixTimeMilliseconds(Math.Clamp(milliseconds, First, Last))
        .ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
