namespace Sonde.Benchmarks.Peers;

/// <summary>What a DNS probe costs: 2,000 queries a second over UDP on loopback.</summary>
internal sealed class DnsFigure : IFigure
{
    /// <inheritdoc/>
    public string Name => "dns";

    /// <inheritdoc/>
    public string? Program => null;

    /// <inheritdoc/>
    public IReadOnlyList<FigureRow> Run(FigureSettings settings)
    {
        var runs = Enumerable.Range(0, settings.Runs).Select(_ => DnsQueryFigure.Run(settings.Seconds(10))).ToList();
        var cpu = Spread.Median(runs.Select(run => run.CpuMicroseconds));
        var time = FigureRow.Text(Spread.Median(runs.Select(run => run.MedianMicroseconds)), "0 µs");
        var lost = runs.Sum(run => run.Lost);
        return
        [
            FigureRow.Alone(
                $"DNS: CPU a query at 2,000/s (p50 of the RTT: {time})", FigureRow.Text(cpu, "0.0 µs"), "≤ 100 µs",
                cpu <= 100),
            FigureRow.Alone("DNS: queries without an answer, all runs", $"{lost}", "0", lost == 0),
        ];
    }
}
