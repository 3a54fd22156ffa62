using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sonde.Benchmarks.Peers;

/// <summary>How fast and how cheap the batch mode is beside fping, on 10,000 loopback addresses.</summary>
internal sealed partial class BatchFigure : IFigure
{
    private const int ProbesPerTarget = 6;

    /// <inheritdoc/>
    public string Name => "batch";

    /// <inheritdoc/>
    public string? Program => "fping";

    /// <inheritdoc/>
    public IReadOnlyList<FigureRow> Run(FigureSettings settings)
    {
        var targets = LoopbackTargets.Take(settings.Targets(10_000));
        var file = Path.GetTempFileName();
        File.WriteAllLines(file, targets.Select(address => address.ToString()));
        var (ours, peers) = (new List<Batch>(), new List<Batch>());
        try
        {
            for (var run = 0; run < settings.Runs; run++)
            {
                ours.Add(RunSonde(settings.Sonde, file));
                peers.Add(RunFping(file));
            }
        }
        finally
        {
            File.Delete(file);
        }
        var what = $"{targets.Count} loopback addresses × {ProbesPerTarget}";
        var (lost, peersLost) = (ours.Sum(batch => batch.Lost), peers.Sum(batch => batch.Lost));
        return
        [
            FigureRow.Compared(
                $"batch: probes per second, {what}", Median(ours, batch => batch.Rate),
                Median(peers, batch => batch.Rate), "#,0", 1.5, atLeast: true),
            FigureRow.Compared(
                "batch: CPU per probe", Median(ours, batch => batch.CpuUs),
                Median(peers, batch => batch.CpuUs), "0.00 µs", 0.8, atLeast: false),
            new(
                "batch: replies lost, all runs", $"{lost}", $"{peersLost}", "–", "0 on either side",
                lost == 0 && peersLost == 0),
        ];

        static double Median(List<Batch> batches, Func<Batch, double> value) => Spread.Median(batches.Select(value));
    }

    private static Batch RunSonde(string sonde, string file)
    {
        var run = FinishedRun.Of(
            sonde, "ping", "-f", file, "-c", $"{ProbesPerTarget}", "-i", "0", "-W", "0.5", "--json");
        var (sent, received) = (0L, 0L);
        foreach (var line in run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var json = JsonDocument.Parse(line);
            sent += json.RootElement.GetProperty("sent").GetInt64();
            received += json.RootElement.GetProperty("received").GetInt64();
        }
        return Batch.Of("sonde ping", run, sent, received);
    }

    private static Batch RunFping(string file)
    {
        var run = FinishedRun.Of(
            "fping", "-q", "-c", $"{ProbesPerTarget}", "-p", "100", "-i", "0", "-t", "500", "-f", file);
        var (sent, received) = (0L, 0L);
        foreach (Match match in FpingLine().Matches(run.Errors))
        {
            sent += long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            received += long.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture);
        }
        return Batch.Of("fping", run, sent, received);
    }

    [GeneratedRegex(@"xmt/rcv/%loss = (\d+)/(\d+)/")]
    private static partial Regex FpingLine();

    private sealed record Batch(double Rate, double CpuUs, long Lost)
    {
        public static Batch Of(string program, FinishedRun run, long sent, long received) => sent > 0
            ? new(sent / run.Wall.TotalSeconds, run.Cpu.TotalMicroseconds / sent, sent - received)
            : throw new InvalidOperationException(
                $"{program} sent nothing and ended with {run.ExitCode}: {run.Errors}");
    }
}
