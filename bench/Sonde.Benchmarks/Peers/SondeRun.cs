using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sonde.Benchmarks.Peers;

/// <summary>
/// <c>sonde run</c> in a folder of its own, with a configuration written for it. The folder goes on disposal.
/// </summary>
internal sealed class SondeRun : IDisposable
{
    private readonly FigureSettings _settings;
    private readonly string _folder = Directory.CreateTempSubdirectory("sonde-figure").FullName;
    private readonly string _checks;

    /// <summary>Starts to measure the addresses by ICMP; the check of the n-th has the id <c>n</c>, from 0.</summary>
    public SondeRun(FigureSettings settings, IEnumerable<IPAddress> targets, TimeSpan interval, string top = "")
    {
        _settings = settings;
        Port = FindFreePort();
        _checks = Configuration(targets, interval);
        Rewrite(top);
        Program = new RunningProgram(
            settings.Sonde, "run", ConfigurationFile, "--data", Store, "--listen", $"127.0.0.1:{Port}", "--quiet");
    }

    /// <summary>The process.</summary>
    public RunningProgram Program { get; }

    /// <summary>The port on loopback where the page is.</summary>
    public int Port { get; }

    private string ConfigurationFile => Path.Combine(_folder, "sonde.yaml");

    private string Store => Path.Combine(_folder, "data");

    /// <summary>Writes other settings above the same checks.</summary>
    public void Rewrite(string top) => File.WriteAllText(ConfigurationFile, top + _checks);

    /// <summary>Ends it and reads all that it stored.</summary>
    public IReadOnlyList<ExportedSample> StopAndExport()
    {
        Program.Stop();
        var export = RunExport();
        return export.ExitCode == 0
            ? ExportedSample.ReadAll(export.Output)
            : throw new InvalidOperationException($"sonde export ended with {export.ExitCode}: {export.Errors}");
    }

    /// <summary>
    /// Reads all that it stored; null when there is nothing that could be read, as before the store was made.
    /// </summary>
    public IReadOnlyList<ExportedSample>? TryExport()
    {
        var export = RunExport();
        return export.ExitCode == 0 ? ExportedSample.ReadAll(export.Output) : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Program.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private FinishedRun RunExport() => FinishedRun.Of(_settings.Sonde, "export", "--data", Store, "--format", "csv");

    private static string Configuration(IEnumerable<IPAddress> targets, TimeSpan interval)
    {
        var text = new StringBuilder(string.Create(
            CultureInfo.InvariantCulture,
            $"defaults:\n  interval: {interval.TotalMilliseconds}ms\n  timeout: 1s\ntargets:\n"));
        foreach (var (number, address) in targets.Index())
        {
            text.Append(CultureInfo.InvariantCulture, $"  - address: {address}\n    id: \"{number}\"\n");
        }
        return text.ToString();
    }

    internal static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
