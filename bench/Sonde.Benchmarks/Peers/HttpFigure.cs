using System.Diagnostics;
using System.Globalization;
using Sonde.Measurement.Http;

namespace Sonde.Benchmarks.Peers;

/// <summary>
/// What an HTTP probe costs beside blackbox_exporter: the same nginx on loopback, plain HTTP/1.1, 200 probes a second.
/// </summary>
/// <remarks>
/// Ours is the library's prober driven by this process; the peer's is its whole process, with the request for
/// <c>/probe</c> that starts each of its probes, because there is no other way to have it probe.
/// </remarks>
internal sealed class HttpFigure : IFigure
{
    private const int ProbesPerSecond = 200;
    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(1) / ProbesPerSecond;

    /// <inheritdoc/>
    public string Name => "http";

    /// <inheritdoc/>
    public string? Program => "prometheus-blackbox-exporter";

    /// <inheritdoc/>
    public IReadOnlyList<FigureRow> Run(FigureSettings settings)
    {
        var folder = Directory.CreateTempSubdirectory("sonde-http").FullName;
        try
        {
            var page = $"127.0.0.1:{SondeRun.FindFreePort()}";
            using var nginx = StartNginx(folder, page);
            using var http = new HttpClient();
            AwaitAnswer(http, $"http://{page}/", nginx);
            var count = (int)(settings.Seconds(20).TotalSeconds * ProbesPerSecond);
            var pairs = Enumerable.Range(0, settings.Runs)
                .Select(_ => (Ours: RunOurs(page, count), Peers: RunPeer(http, folder, page, count))).ToList();
            var unanswered = pairs.Sum(pair => pair.Ours.Unanswered);
            return
            [
                FigureRow.Compared(
                    "HTTP: CPU a probe, 200/s of nginx on loopback (ours: the library; peer: with its /probe)",
                    Spread.Median(pairs.Select(pair => pair.Ours.CpuUs)), Spread.Median(pairs.Select(pair => pair.Peers)),
                    "0.0 µs", 0.7, atLeast: false),
                FigureRow.Alone("HTTP: probes without an answer, all runs", $"{unanswered}", "0", unanswered == 0),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <remarks>So many targets that none is asked again before its answer is there, on a machine that is busy.</remarks>
    private static (double CpuUs, int Unanswered) RunOurs(string page, int count)
    {
        using HttpProbeLoop loop = new();
        var targets = Enumerable.Range(0, ProbesPerSecond)
            .Select(_ => new HttpTarget(new Uri($"http://{page}/"), TimeSpan.FromSeconds(5))).ToList();
        _ = loop.Run(targets, 20 * ProbesPerSecond, Gap / 2);   // until the runtime has compiled for good
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        var results = loop.Run(targets, count, Gap);
        process.Refresh();
        foreach (var result in results.Where(result => !result.IsAnswered).Take(5))
        {
            Console.Error.WriteLine($"unanswered: {result.Loss} {result.NotSent} {result.Detail}");
        }
        var used = process.TotalProcessorTime - before;
        return (used.TotalMicroseconds / count, results.Count(result => !result.IsAnswered));
    }

    private double RunPeer(HttpClient http, string folder, string page, int count)
    {
        var listen = $"127.0.0.1:{SondeRun.FindFreePort()}";
        var modules = Path.Combine(folder, "blackbox.yml");
        File.WriteAllText(
            modules, "modules:\n  http_2xx:\n    prober: http\n    timeout: 5s\n    http: {preferred_ip_protocol: ip4}\n");
        using var peer = new RunningProgram(
            Program!, "--config.file", modules, "--web.listen-address", listen, "--log.level", "error");
        AwaitAnswer(http, $"http://{listen}/-/healthy", peer);
        var probe = new Uri($"http://{listen}/probe?module=http_2xx&target=http://{page}/");
        Ask(http, probe, ProbesPerSecond, peer);
        var before = peer.Cpu;
        Ask(http, probe, count, peer);
        return (peer.Cpu - before).TotalMicroseconds / count;
    }

    private static void Ask(HttpClient http, Uri probe, int count, RunningProgram peer)
    {
        var start = Stopwatch.GetTimestamp();
        for (var asked = 0; asked < count; asked++)
        {
            if (!http.GetStringAsync(probe).GetAwaiter().GetResult()
                .Contains("\nprobe_success 1\n", StringComparison.Ordinal))
            {
                throw new InvalidOperationException("blackbox_exporter's probe failed");
            }
            var ahead = (Gap * (asked + 1)) - Stopwatch.GetElapsedTime(start);
            peer.RunFor(ahead > TimeSpan.Zero ? ahead : TimeSpan.Zero);
        }
    }

    private static RunningProgram StartNginx(string folder, string listen)
    {
        var file = Path.Combine(folder, "nginx.conf");
        File.WriteAllText(file, string.Create(CultureInfo.InvariantCulture, $$"""
            daemon off;
            worker_processes 1;
            pid {{folder}}/nginx.pid;
            events {}
            http {
              access_log off;
              client_body_temp_path {{folder}}/body;
              proxy_temp_path {{folder}}/proxy;
              fastcgi_temp_path {{folder}}/fastcgi;
              uwsgi_temp_path {{folder}}/uwsgi;
              scgi_temp_path {{folder}}/scgi;
              server {
                listen {{listen}};
                location / { return 200 "all is well\n"; }
              }
            }
            """));
        return new RunningProgram("/usr/sbin/nginx", "-p", folder, "-c", file, "-e", Path.Combine(folder, "nginx.log"));
    }

    private static void AwaitAnswer(HttpClient http, string url, RunningProgram program)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                _ = http.GetStringAsync(new Uri(url)).GetAwaiter().GetResult();
                return;
            }
            catch (HttpRequestException) when (attempt < 50)
            {
                program.RunFor(TimeSpan.FromMilliseconds(100));
            }
        }
    }
}
