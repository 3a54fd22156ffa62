using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Sonde.Benchmarks.Peers;

/// <summary>
/// Requests to <c>/probe</c> for as many addresses of loopback by ICMP, all at a time, while the same addresses are
/// measured by the schedule.
/// </summary>
internal sealed class ProbeFigure : IFigure
{
    private const double MostMicroseconds = 200;
    private const string RttLine = "probe_icmp_duration_seconds{phase=\"rtt\"} ";

    /// <inheritdoc/>
    public string Name => "probe";

    /// <inheritdoc/>
    public string? Program => null;

    /// <inheritdoc/>
    public IReadOnlyList<FigureRow> Run(FigureSettings settings)
    {
        var targets = LoopbackTargets.Take(settings.Targets(500));
        using var sonde = new SondeRun(settings, targets, TimeSpan.FromSeconds(1));
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = targets.Count };
        using var http = new HttpClient(handler) { BaseAddress = new Uri($"http://127.0.0.1:{sonde.Port}/") };
        sonde.Program.RunFor(TimeSpan.FromSeconds(3));
        _ = AskAll(http, targets);   // compiles the way, and opens the connections
        var startedAt = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var watch = Stopwatch.StartNew();
        var asked = Enumerable.Range(0, Math.Max(3, settings.Runs)).SelectMany(_ => AskAll(http, targets)).ToList();
        var seconds = watch.Elapsed.TotalSeconds / Math.Max(3, settings.Runs);
        sonde.Program.RunFor(TimeSpan.FromSeconds(2));
        var scheduled = sonde.StopAndExport()
            .Where(sample => sample.SentAtMs >= startedAt - 3000 && sample.RttUs is not null)
            .Select(sample => (double)sample.RttUs!.Value).ToList();
        var answered = asked.OfType<double>().ToList();
        var (median, high) = (Difference(answered, scheduled, 0.5), Difference(answered, scheduled, 0.99));
        return
        [
            FigureRow.Alone(
                $"/probe: {targets.Count} requests at a time, not answered",
                FigureRow.Text(asked.Count - answered.Count, "0"), "0", answered.Count == asked.Count),
            FigureRow.Alone("the same: until the last is answered", FigureRow.Text(seconds, "0.00 s"), "–", passes: true),
            FigureRow.Alone(
                "the same: RTT by ICMP − that of the schedule, p50 and p99",
                FigureRow.Text(median, "0 µs") + ", " + FigureRow.Text(high, "0 µs"), "≤ 200 µs",
                Math.Abs(median) <= MostMicroseconds && Math.Abs(high) <= MostMicroseconds),
        ];
    }

    private static double Difference(List<double> asked, List<double> scheduled, double share) =>
        Spread.Quantile(asked, share) - Spread.Quantile(scheduled, share);

    /// <summary>The round-trip times in microseconds; null where there was no answer.</summary>
    private static double?[] AskAll(HttpClient http, IEnumerable<IPAddress> targets) =>
        Task.WhenAll(targets.Select(target => AskAsync(http, target))).GetAwaiter().GetResult();

    private static async Task<double?> AskAsync(HttpClient http, IPAddress target)
    {
        using var answer = await http.GetAsync(new Uri($"probe?module=icmp&target={target}", UriKind.Relative));
        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n');
        return answer.IsSuccessStatusCode && lines.Contains("probe_success 1")
            ? double.Parse(
                lines.Single(line => line.StartsWith(RttLine, StringComparison.Ordinal))[RttLine.Length..],
                CultureInfo.InvariantCulture) * 1e6
            : null;
    }
}
