using Microsoft.Net.Http.Headers;

namespace Sonde.Metrics;

/// <summary>In which form a scrape is answered.</summary>
internal enum ScrapeFormat : byte
{
    /// <summary>Prometheus' text format 0.0.4.</summary>
    Text = 0,

    /// <summary>OpenMetrics 1.0.0.</summary>
    OpenMetrics = 1,

    /// <summary>Delimited messages of protobuf, with native histograms.</summary>
    Protobuf = 2,
}

/// <summary>Chooses the form by the header Accept (RFC 9110).</summary>
internal static class ScrapeFormats
{
    /// <summary>Media types that are worth compressing, beside plain text.</summary>
    public static readonly string[] CompressedTypes =
        ["application/openmetrics-text", "application/vnd.google.protobuf"];

    /// <summary>The media type of an answer.</summary>
    public static string ContentTypeOf(ScrapeFormat format) => format switch
    {
        ScrapeFormat.OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        ScrapeFormat.Protobuf =>
            "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited",
        _ => "text/plain; version=0.0.4; charset=utf-8",
    };

    /// <summary>
    /// The form that the caller likes best; of equal ones, the one that is written first. Text when nothing fits.
    /// </summary>
    public static ScrapeFormat Choose(IList<string>? accept)
    {
        var best = (Format: ScrapeFormat.Text, Quality: 0.0);
        if (MediaTypeHeaderValue.TryParseList(accept, out var wanted))
        {
            foreach (var media in wanted)
            {
                if (FormatOf(media) is { } format && (media.Quality ?? 1) > best.Quality)
                {
                    best = (format, media.Quality ?? 1);
                }
            }
        }
        return best.Format;
    }

    private static ScrapeFormat? FormatOf(MediaTypeHeaderValue media) => media.MediaType.Value?.ToLowerInvariant()
        switch
    {
        "application/openmetrics-text" when Says(media, "version", "1.0.0") => ScrapeFormat.OpenMetrics,
        "application/vnd.google.protobuf" when Says(media, "proto", "io.prometheus.client.MetricFamily")
            && Says(media, "encoding", "delimited") => ScrapeFormat.Protobuf,
        "text/plain" when Says(media, "version", "0.0.4") => ScrapeFormat.Text,
        "text/*" or "*/*" => ScrapeFormat.Text,
        _ => null,
    };

    /// <summary>True when the parameter has the value, or is not said.</summary>
    private static bool Says(MediaTypeHeaderValue media, string parameter, string value)
    {
        foreach (var said in media.Parameters)
        {
            if (said.Name.Equals(parameter, StringComparison.OrdinalIgnoreCase))
            {
                return said.GetUnescapedValue().Equals(value, StringComparison.OrdinalIgnoreCase);
            }
        }
        return true;
    }
}
