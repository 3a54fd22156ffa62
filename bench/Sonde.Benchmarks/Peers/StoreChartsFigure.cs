using System.Globalization;
using System.Text.Json;

namespace Sonde.Benchmarks.Peers;

/// <summary>
/// How long the API takes for charts of 30 days and of a year at a sample a second and for an overview of a thousand
/// series, from the request to the last byte: warm, and cold.
/// </summary>
internal sealed class StoreChartsFigure : IFigure
{
    private const string DropCaches = "/proc/sys/vm/drop_caches";

    /// <inheritdoc/>
    public string Name => "store-charts";

    /// <inheritdoc/>
    public string? Program => null;

    /// <inheritdoc/>
    public IReadOnlyList<FigureRow> Run(FigureSettings settings)
    {
        using var store = new ChartStore(settings);
        var requests = settings.IsQuick ? 10 : 50;
        var exact = store.Month / 1_000;
        Chart[] charts =
        [
            new($"{store.Month.TotalDays} days at 1 s, 1,000 points of {exact.TotalSeconds} s",
                Windows("month", store, store.Month, $"step={exact.TotalSeconds}s"), 20, 60),
            new("the same, at most 1,000 points of a round step",
                Windows("month", store, store.Month, "points=1000"), 20, 60),
            new($"{store.Year.TotalDays} days at 1 s, at most 1,000 points",
                Windows("year", store, store.Year, "points=1000"), 60, 60),
            new($"an hour of {ChartStore.Fleet} series, 60 points each",
                $"api/v1/windows?group=fleet&points=60{Span(store, TimeSpan.FromHours(1))}", 150, null),
        ];
        var rows = new List<FigureRow>();
        using (var sonde = new ChartRun(settings, store))
        {
            foreach (var chart in charts)
            {
                rows.Add(Row($"chart, warm: {chart.What}", sonde.Time(chart.Path, requests), chart.WarmBar));
                rows.Add(Row("the same, compressed as a browser asks", sonde.Time(chart.Path, requests, "br"), null));
            }
            rows.AddRange(Accuracy(store, sonde));
        }
        foreach (var chart in charts)
        {
            rows.Add(Row($"chart, cold: {chart.What}", TimeCold(settings, store, chart, requests), chart.ColdBar));
        }
        return rows;
    }

    private static List<double> TimeCold(FigureSettings settings, ChartStore store, Chart chart, int requests)
    {
        var times = new List<double>();
        for (var request = 0; request < requests; request++)
        {
            FinishedRun.Of("sync");
            File.WriteAllText(DropCaches, "3");   // as root only
            using var sonde = new ChartRun(settings, store);
            times.AddRange(sonde.Time(chart.Path, 1));
        }
        return times;
    }

    private static IEnumerable<FigureRow> Accuracy(ChartStore store, ChartRun sonde)
    {
        var values = store.ReadYear();
        var whole = $"step={(int)store.Year.TotalSeconds}s&quantiles=0.5,0.95,0.99";
        using var answer = JsonDocument.Parse(sonde.Read(Windows("year", store, store.Year, whole)));
        var series = answer.RootElement.GetProperty("series")[0];
        foreach (var q in (double[])[0.5, 0.95, 0.99])
        {
            var raw = values[(int)Math.Ceiling(q * values.Length) - 1] / 1e3;
            var merged = series.GetProperty("quantilesMs").GetProperty(q.ToString(CultureInfo.InvariantCulture))[0]
                .GetDouble();
            var error = Math.Abs((merged / raw) - 1);
            yield return FigureRow.Alone(
                $"quantile {q} of {values.Length:N0} answers: {merged} ms of {raw} ms",
                $"{FigureRow.Text(error * 100, "0.00")} %", "≤ 1 %", error <= 0.01);
        }
    }

    private static FigureRow Row(string what, IReadOnlyCollection<double> milliseconds, double? bar)
    {
        var p95 = Spread.Quantile(milliseconds, 0.95);
        var median = FigureRow.Text(Spread.Median(milliseconds), "0.0 ms");
        return FigureRow.Alone(
            $"{what}: p95 of {milliseconds.Count} (median {median})", FigureRow.Text(p95, "0.0 ms"),
            bar is { } most ? FigureRow.Text(most, "≤ 0 ms") : "–", !(p95 > bar));
    }

    private static string Windows(string target, ChartStore store, TimeSpan length, string how) =>
        $"api/v1/targets/{target}/windows?{how}{Span(store, length)}";

    private static string Span(ChartStore store, TimeSpan length) =>
        $"&from={store.End - length:yyyy-MM-ddTHH:mm:ss}Z&to={store.End:yyyy-MM-ddTHH:mm:ss}Z";

    /// <summary>A chart and how many milliseconds it may take.</summary>
    private sealed record Chart(string What, string Path, double? WarmBar, double? ColdBar);
}
