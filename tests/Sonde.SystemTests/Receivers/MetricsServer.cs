using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Sonde.SystemTests.Executable;
using Xunit;

namespace Sonde.SystemTests.Receivers;

/// <summary>Debian's Prometheus or VictoriaMetrics with a folder of its own, taking what is written to it.</summary>
internal sealed class MetricsServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _writePath;
    private readonly CancellationToken _cancellation;

    private MetricsServer(Process process, int port, string writePath, CancellationToken cancellation)
    {
        (_process, _writePath, _cancellation) = (process, writePath, cancellation);
        Port = port;
        Page = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/"), Timeout = Eventually.Bound };
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Asks it.</summary>
    public HttpClient Page { get; }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>Where it takes windows.</summary>
    public Uri WriteUrl => new(Page.BaseAddress!, _writePath);

    /// <summary>Starts Prometheus, or skips the test where it is not installed.</summary>
    public static Task<MetricsServer> StartPrometheusOrSkipAsync(WorkFolder folder, CancellationToken cancellation, int? port = null)
    {
        File.WriteAllText(folder["prometheus.yml"], "global: {scrape_interval: 1h}\n");
        var at = port ?? Nginx.FreePort();
        return StartAsync(folder, "/usr/bin/prometheus", at, "api/v1/write", "-/ready", cancellation,
            $"--config.file={folder["prometheus.yml"]}", $"--storage.tsdb.path={folder["tsdb"]}",
            Listen("--web.listen-address", at), "--web.enable-remote-write-receiver");
    }

    /// <summary>Starts VictoriaMetrics, or skips the test where it is not installed.</summary>
    public static Task<MetricsServer> StartVictoriaMetricsOrSkipAsync(WorkFolder folder, CancellationToken cancellation)
    {
        var at = Nginx.FreePort();
        return StartAsync(folder, "/usr/bin/victoria-metrics", at, "api/v1/write", "health", cancellation,
            $"-storageDataPath={folder["vm"]}", Listen("-httpListenAddr", at), "-search.latencyOffset=0s", "-search.disableCache");
    }

    /// <summary>Asks until a query has as many results as wanted.</summary>
    /// <returns>Their labels and values.</returns>
    public Task<IReadOnlyList<(IReadOnlyDictionary<string, string> Labels, double Value)>> QueryAsync(
        string query, int results, Func<string>? explain = null) => Eventually.FindAsync(
            async () =>
            {
                var found = await QueryOnceAsync(query);
                return found.Count == results ? found : null;
            },
            $"{results} results of {query}", explain, _cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Signal.Send(_process, Signal.Terminate);
        }
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        Page.Dispose();
    }

    private static string Listen(string option, int port) =>
        string.Create(CultureInfo.InvariantCulture, $"{option}=127.0.0.1:{port}");

    private static async Task<MetricsServer> StartAsync(
        WorkFolder folder, string program, int port, string writePath, string readyPath, CancellationToken cancellation, params string[] arguments)
    {
        Assert.SkipUnless(File.Exists(program), $"{Path.GetFileName(program)} is not installed");
        var server = new MetricsServer(
            Process.Start(SondeCommand.Describe(program, arguments, folder.FullPath))!, port, writePath, cancellation);
        await Eventually.BecomesTrueAsync(() => server.AnswersAsync(readyPath), $"{program} answers", null, cancellation);
        return server;
    }

    private async Task<bool> AnswersAsync(string path)
    {
        try
        {
            using var answer = await Page.GetAsync(path, _cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException) when (!_process.HasExited)
        {
            return false;
        }
    }

    private async Task<IReadOnlyList<(IReadOnlyDictionary<string, string> Labels, double Value)>> QueryOnceAsync(string query)
    {
        using var document = JsonDocument.Parse(
            await Page.GetStringAsync($"api/v1/query?query={Uri.EscapeDataString(query)}", _cancellation));
        return [.. document.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().Select(
            result => ((IReadOnlyDictionary<string, string>)result.GetProperty("metric").EnumerateObject()
                    .ToDictionary(label => label.Name, label => label.Value.GetString()!),
                double.Parse(result.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture)))];
    }
}
