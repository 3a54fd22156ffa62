using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;

namespace Sonde.Benchmarks.Peers;

/// <summary>A scrape of <c>/metrics</c> with 10,000 targets whose windows of five minutes are full.</summary>
internal sealed class MetricsFigure : IFigure
{
    private const double MostMegabytes = 100;

    /// <inheritdoc/>
    public string Name => "metrics";

    /// <inheritdoc/>
    public string? Program => null;

    /// <inheritdoc/>
    public IReadOnlyList<FigureRow> Run(FigureSettings settings)
    {
        var count = settings.Targets(10_000);
        using var sonde = new SondeRun(
            settings, LoopbackTargets.Take(count), TimeSpan.FromSeconds(1), "metrics: {histograms: false}\n");
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{sonde.Port}/") };
        sonde.Program.RunFor(settings.Seconds(310));
        var off = Measure(http, settings, sonde);
        sonde.Rewrite("metrics: {histograms: true}\n");
        sonde.Program.RunFor(TimeSpan.FromSeconds(6));   // two looks at the file, and some rest
        var on = Measure(http, settings, sonde);
        return [.. Rows(count, "off", off, 0.5), .. Rows(count, "on", on, 3)];
    }

    private static IEnumerable<FigureRow> Rows(int count, string histograms, Scrape scrape, double bar) =>
    [
        FigureRow.Alone(
            $"/metrics: scrape of {count} targets, histograms {histograms} ({scrape.Bytes / 1e6:0.0} MB)",
            FigureRow.Text(scrape.Seconds, "0.00 s"), FigureRow.Text(bar, "≤ 0.# s"), scrape.Seconds <= bar),
        FigureRow.Alone(
            "the same: CPU of the process meanwhile, its measuring included",
            FigureRow.Text(scrape.CpuSeconds, "0.00 s"), "–", passes: true),
        FigureRow.Alone(
            $"the same, compressed as Prometheus asks ({scrape.CompressedBytes / 1e6:0.0} MB)",
            FigureRow.Text(scrape.CompressedSeconds, "0.00 s"), "–", passes: true),
        FigureRow.Alone(
            "the same: garbage", FigureRow.Text(scrape.Megabytes, "0 MB"), "≤ 100 MB", scrape.Megabytes <= MostMegabytes),
    ];

    /// <summary>Medians of scrapes a second and more apart, and of what they cost.</summary>
    private static Scrape Measure(HttpClient http, FigureSettings settings, SondeRun sonde)
    {
        var scrapes = Enumerable.Range(0, Math.Max(3, settings.Runs)).Select(_ =>
        {
            var before = ReadAllocated(http);
            var cpuBefore = sonde.Program.Cpu;
            var (seconds, bytes) = Fetch(http, "identity");
            var cpu = (sonde.Program.Cpu - cpuBefore).TotalSeconds;
            var garbage = ReadAllocated(http) - before;   // of two scrapes, as a reading is one itself
            sonde.Program.RunFor(TimeSpan.FromSeconds(1));
            var (compressedSeconds, compressedBytes) = Fetch(http, "gzip");
            return new Scrape(seconds, cpu, bytes, compressedSeconds, compressedBytes, garbage / 2 / 1e6);
        }).ToList();
        return new(
            Spread.Median(scrapes.Select(scrape => scrape.Seconds)),
            Spread.Median(scrapes.Select(scrape => scrape.CpuSeconds)), scrapes[0].Bytes,
            Spread.Median(scrapes.Select(scrape => scrape.CompressedSeconds)), scrapes[0].CompressedBytes,
            Spread.Median(scrapes.Select(scrape => scrape.Megabytes)));
    }

    private static (double Seconds, long Bytes) Fetch(HttpClient http, string encoding)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "metrics");
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue(encoding));
        var watch = Stopwatch.StartNew();
        using var response = http.Send(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        using var body = response.Content.ReadAsStream();
        var room = new byte[1 << 20];
        var bytes = 0L;
        for (var read = body.Read(room); read > 0; read = body.Read(room))
        {
            bytes += read;
        }
        return (watch.Elapsed.TotalSeconds, bytes);
    }

    private static double ReadAllocated(HttpClient http)
    {
        var lines = http.GetStringAsync(new Uri("metrics", UriKind.Relative)).GetAwaiter().GetResult().Split('\n');
        var line = lines.Single(one => one.StartsWith("dotnet_gc_allocated_bytes_total ", StringComparison.Ordinal));
        return double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    private sealed record Scrape(
        double Seconds, double CpuSeconds, long Bytes, double CompressedSeconds, long CompressedBytes, double Megabytes);
}
