using System.Globalization;

namespace Sonde.Charts;

/// <summary>Says how long a certificate is still good; <c>certificate-words.ts</c> says the same.</summary>
internal static class CertificateWords
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(21);
    private static readonly TimeSpan VerySoon = TimeSpan.FromDays(7);

    /// <summary>For example <c>certificate expires in 63 days (2027-01-23)</c>; empty without a certificate.</summary>
    public static string Of(DateTimeOffset? expiresAt, DateTimeOffset now)
    {
        if (expiresAt is not { } end)
        {
            return "";
        }
        var date = end.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return end > now
            ? $"certificate expires in {Span(end - now)} ({date})"
            : $"certificate expired {Span(now - end)} ago ({date})";
    }

    /// <summary>
    /// The class that colours it: <c>soon</c> under 21 days, <c>very-soon</c> under 7; empty when there is time.
    /// </summary>
    public static string UrgencyOf(DateTimeOffset? expiresAt, DateTimeOffset now) => (expiresAt - now) switch
    {
        { } left when left < VerySoon => "very-soon",
        { } left when left < Soon => "soon",
        _ => "",
    };

    /// <summary>Whole days from two on, else whole hours from two on, else whole minutes.</summary>
    private static string Span(TimeSpan span) =>
        span.TotalDays >= 2 ? Counted(span.TotalDays, "day")
        : span.TotalHours >= 2 ? Counted(span.TotalHours, "hour")
        : Counted(span.TotalMinutes, "minute");

    private static string Counted(double number, string unit)
    {
        var whole = (long)number;
        return $"{Figure.Count(whole)} {unit}{(whole == 1 ? "" : "s")}";
    }
}
