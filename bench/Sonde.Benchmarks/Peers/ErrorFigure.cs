using Sonde.SystemTests.Lab;

namespace Sonde.Benchmarks.Peers;

/// <summary>
/// How far the reported times are from the truth: 1,000 simulated hosts of 20 ms, probed ten times a second.
/// </summary>
internal sealed class ErrorFigure : IFigure
{
    private const int ProbesPerSecond = 10;

    /// <inheritdoc/>
    public string Name => "error";

    /// <inheritdoc/>
    public string? Program => null;

    /// <inheritdoc/>
    public IReadOnlyList<FigureRow> Run(FigureSettings settings)
    {
        if (SimulatedNetwork.FindObstacle() is { } obstacle)
        {
            return [FigureRow.Alone("error of the RTT", obstacle, "p50 ≤ 30 µs, p99 ≤ 200 µs", passes: false)];
        }
        var hosts = settings.Targets(1_000);
        var runs = Enumerable.Range(0, settings.Runs).Select(_ => RunOnce(settings, hosts)).ToList();
        var (p50, p99) = (Spread.Median(runs.Select(run => run.P50)), Spread.Median(runs.Select(run => run.P99)));
        var samples = runs.Min(run => run.Samples);
        var simulator = FigureRow.Text(Spread.Median(runs.Select(run => run.SimulatorP99)), "0.0");
        return
        [
            FigureRow.Alone(
                $"error of the RTT, {hosts} hosts of 20 ms × {ProbesPerSecond}/s: p50 (of {samples} samples)",
                FigureRow.Text(p50, "0.0 µs"), "≤ 30 µs", Math.Abs(p50) <= 30),
            FigureRow.Alone(
                $"error of the RTT: p99 (the simulator's own lateness, taken off: p99 {simulator} µs)",
                FigureRow.Text(p99, "0.0 µs"), "≤ 200 µs", p99 <= 200),
            FigureRow.Alone(
                "error of the RTT: replies that came in time and are stored as lost, most of the runs",
                $"{runs.Max(run => run.WronglyLost)}", "0", runs.All(run => run.WronglyLost == 0)),
        ];
    }

    private static Outcome RunOnce(FigureSettings settings, int hosts)
    {
        var delay = TimeSpan.FromMilliseconds(20);
        var duration = settings.Seconds(20);
        var packets = (int)(hosts * ProbesPerSecond * (duration.TotalSeconds + 10));
        using var network = SimulatedNetwork.Start(
            new() { Others = SimulatedHost.Answering(delay), RecordedPackets = packets });
        var addresses = Enumerable.Range(1, hosts).Select(network.Addresses.Host4);
        using var sonde = new SondeRun(settings, addresses, TimeSpan.FromSeconds(1.0 / ProbesPerSecond));
        sonde.Program.RunFor(duration);
        var samples = sonde.StopAndExport();
        var truth = WireExchange.Match(network.Wire.Packets);
        if (samples.Count == 0 || network.Wire.Missing > 0)
        {
            throw new InvalidOperationException(
                $"{samples.Count} samples; {network.Wire.Missing} packets were not recorded");
        }
        return Compare(samples, truth, delay);
    }

    /// <summary>Holds each sample against the request of its host that left nearest to the sample's time.</summary>
    private static Outcome Compare(
        IReadOnlyList<ExportedSample> samples, IReadOnlyList<WireExchange> truth, TimeSpan delay)
    {
        var byHost = truth.ToLookup(exchange => (int)exchange.Probe.Host)
            .ToDictionary(group => group.Key, group => group.OrderBy(exchange => exchange.SentAt).ToArray());
        var errors = new List<double>(samples.Count);
        var wronglyLost = 0;
        foreach (var sample in samples)
        {
            var exchange = FindNearest(byHost[sample.Check + 1], sample.SentAtMs * 1_000_000);
            if (exchange.Rtt is not { } rtt)
            {
                continue;
            }
            if (sample.RttUs is { } reported)
            {
                errors.Add(reported - (rtt / 1e3));
            }
            else if (rtt < 900_000_000)   // the timeout is a second
            {
                wronglyLost++;
            }
        }
        var lateness = truth.Where(exchange => exchange.Rtt is not null)
            .Select(exchange => (exchange.Rtt!.Value / 1e3) - delay.TotalMicroseconds);
        return new(
            Spread.Quantile(errors, 0.5), Spread.Quantile(errors.Select(Math.Abs), 0.99),
            Spread.Quantile(lateness, 0.99), errors.Count, wronglyLost);
    }

    private static WireExchange FindNearest(WireExchange[] exchanges, long sentAt)
    {
        var (low, high) = (0, exchanges.Length - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = exchanges[middle].SentAt < sentAt ? (middle + 1, high) : (low, middle);
        }
        return low > 0 && sentAt - exchanges[low - 1].SentAt < Math.Abs(exchanges[low].SentAt - sentAt)
            ? exchanges[low - 1]
            : exchanges[low];
    }

    private sealed record Outcome(double P50, double P99, double SimulatorP99, int Samples, int WronglyLost);
}
