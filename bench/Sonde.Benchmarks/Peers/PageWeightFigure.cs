using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace Sonde.Benchmarks.Peers;

/// <summary>What a browser fetches to show the front page with 50 targets for the first time, compressed.</summary>
internal sealed partial class PageWeightFigure : IFigure
{
    private const int Bar = 100_000;

    /// <inheritdoc/>
    public string Name => "page";

    /// <inheritdoc/>
    public string? Program => null;

    /// <inheritdoc/>
    public IReadOnlyList<FigureRow> Run(FigureSettings settings)
    {
        using var sonde = new SondeRun(settings, LoopbackTargets.Take(50), TimeSpan.FromSeconds(1));
        sonde.Program.RunFor(settings.Seconds(20));
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{sonde.Port}/") };
        http.DefaultRequestHeaders.Add("Accept-Encoding", "br, gzip");
        var (pageBytes, page) = Fetch(http, "/");
        var files = References().Matches(page).Select(match => match.Groups["url"].Value)
            .Where(url => !url.StartsWith("data:", StringComparison.Ordinal)).Distinct().ToList();
        var fileBytes = files.Sum(url => Fetch(http, url).Bytes);
        var total = pageBytes + fileBytes;
        return
        [
            FigureRow.Alone(
                $"first load of / with 50 targets (page {pageBytes:N0} B, {files.Count} files {fileBytes:N0} B)",
                FigureRow.Text(total / 1e3, "0.0 KB"), "≤ 100 KB", total <= Bar),
        ];
    }

    private static (int Bytes, string Text) Fetch(HttpClient http, string url)
    {
        using var response = http.GetAsync(new Uri(url, UriKind.RelativeOrAbsolute)).GetAwaiter().GetResult();
        response.EnsureSuccessStatusCode();
        var bytes = response.Content.ReadAsByteArrayAsync().GetAwaiter().GetResult();
        using var packed = new MemoryStream(bytes);
        using Stream unpacked = response.Content.Headers.ContentEncoding.FirstOrDefault() switch
        {
            "br" => new BrotliStream(packed, CompressionMode.Decompress),
            "gzip" => new GZipStream(packed, CompressionMode.Decompress),
            _ => packed,
        };
        using var reader = new StreamReader(unpacked, Encoding.UTF8);
        return (bytes.Length, reader.ReadToEnd());
    }

    /// <summary>
    /// Style sheets, icons, preloads, scripts and pictures; links to other pages are no part of the load.
    /// </summary>
    [GeneratedRegex("""<(?:link\b[^>]*?\bhref|(?:script|img)\b[^>]*?\bsrc)="(?<url>[^"]+)""")]
    private static partial Regex References();
}
