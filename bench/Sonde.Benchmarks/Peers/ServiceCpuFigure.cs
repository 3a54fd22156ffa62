using System.Globalization;
using System.Net;

namespace Sonde.Benchmarks.Peers;

/// <summary>
/// What a probe costs as a service beside smokeping_prober: 100 targets, once a second, both at the same time.
/// </summary>
internal sealed class ServiceCpuFigure : IFigure
{
    /// <inheritdoc/>
    public string Name => "service-cpu";

    /// <inheritdoc/>
    public string? Program => "prometheus-smokeping-prober";

    /// <inheritdoc/>
    public IReadOnlyList<FigureRow> Run(FigureSettings settings)
    {
        var targets = LoopbackTargets.Take(100);
        var pairs = Enumerable.Range(0, settings.Runs).Select(_ => RunBoth(settings, targets)).ToList();
        return
        [
            FigureRow.Compared(
                "service: CPU per answered probe, 100 targets × 1/s",
                Spread.Median(pairs.Select(pair => pair.Ours.CpuUs)),
                Spread.Median(pairs.Select(pair => pair.Peers.CpuUs)), "0.0 µs", 0.05, atLeast: false),
            new(
                "service: answered probes in that time, least of the runs", $"{pairs.Min(pair => pair.Ours.Answered)}",
                $"{pairs.Min(pair => pair.Peers.Answered)}", "–", "all",
                pairs.All(pair => pair.Ours.Answered >= pair.Asked)),
        ];
    }

    /// <summary>
    /// One after the other: side by side each echo is delivered to the raw sockets of both, and the kernel books that to whoever sends.
    /// </summary>
    private (Cost Ours, Cost Peers, long Asked) RunBoth(FigureSettings settings, IReadOnlyList<IPAddress> targets)
    {
        var duration = settings.Seconds(60);
        var asked = (long)(targets.Count * (duration.TotalSeconds - 1));   // a round may stand on the border
        return (RunOurs(settings, targets, duration), RunPeer(settings, targets, duration), asked);
    }

    private static Cost RunOurs(FigureSettings settings, IReadOnlyList<IPAddress> targets, TimeSpan duration)
    {
        using var sonde = new SondeRun(settings, targets, TimeSpan.FromSeconds(1));
        sonde.Program.RunFor(settings.Seconds(10));
        var before = sonde.Program.Cpu;
        var from = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        sonde.Program.RunFor(duration);
        var used = sonde.Program.Cpu - before;
        var to = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        sonde.Program.RunFor(TimeSpan.FromSeconds(2));
        return Cost.Of(used, sonde.StopAndExport()
            .Count(sample => sample.RttUs is not null && sample.SentAtMs >= from && sample.SentAtMs < to));
    }

    private Cost RunPeer(FigureSettings settings, IReadOnlyList<IPAddress> targets, TimeSpan duration)
    {
        var noTargets = Path.GetTempFileName();
        File.WriteAllText(noTargets, "targets: []\n");
        using var http = new HttpClient();
        var metrics = $"127.0.0.1:{SondeRun.FindFreePort()}";
        using var peer = new RunningProgram(
            Program!,
            [
                "--config.file", noTargets, "--web.listen-address", metrics, "--privileged",
                .. targets.Select(target => $"{target}"),
            ]);
        AwaitMetrics(http, metrics, peer);
        peer.RunFor(settings.Seconds(10));
        var (before, answeredBefore) = (peer.Cpu, ReadAnswered(http, metrics));
        peer.RunFor(duration);
        var cost = Cost.Of(peer.Cpu - before, ReadAnswered(http, metrics) - answeredBefore);
        File.Delete(noTargets);
        return cost;
    }

    /// <summary>smokeping_prober listens only once it has started all its pingers, spread over a second.</summary>
    private static void AwaitMetrics(HttpClient http, string address, RunningProgram peer)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                _ = ReadAnswered(http, address);
                return;
            }
            catch (HttpRequestException) when (attempt < 50)
            {
                peer.RunFor(TimeSpan.FromMilliseconds(200));
            }
        }
    }

    private static long ReadAnswered(HttpClient http, string address)
    {
        var lines = http.GetStringAsync(new Uri($"http://{address}/metrics")).GetAwaiter().GetResult().Split('\n');
        return lines.Where(
            line => line.StartsWith("smokeping_response_duration_seconds_count", StringComparison.Ordinal))
            .Sum(line => (long)double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    private sealed record Cost(double CpuUs, long Answered)
    {
        public static Cost Of(TimeSpan cpu, long answered) =>
            new(cpu.TotalMicroseconds / Math.Max(1, answered), answered);
    }
}
