namespace Sonde.Benchmarks.Peers;

/// <summary>What a TCP probe's time is worth and what it costs: 1,000 connects a second on loopback.</summary>
internal sealed class TcpFigure : IFigure
{
    /// <inheritdoc/>
    public string Name => "tcp";

    /// <inheritdoc/>
    public string? Program => null;

    /// <inheritdoc/>
    public IReadOnlyList<FigureRow> Run(FigureSettings settings)
    {
        var runs = Enumerable.Range(0, settings.Runs).Select(_ => TcpConnectFigure.Run(settings.Seconds(10))).ToList();
        var error = Spread.Median(runs.Select(run => run.P99ErrorMicroseconds));
        var cpu = Spread.Median(runs.Select(run => run.CpuMicroseconds));
        var unanswered = runs.Sum(run => run.Connects - run.Answered);
        return
        [
            FigureRow.Alone(
                "TCP: reported − tcpi_rtt at 1,000 connects/s: p99", FigureRow.Text(error, "0.0 µs"), "≤ 300 µs",
                error <= 300),
            FigureRow.Alone("TCP: CPU a connect", FigureRow.Text(cpu, "0.0 µs"), "≤ 150 µs", cpu <= 150),
            FigureRow.Alone("TCP: connects without an answer, all runs", $"{unanswered}", "0", unanswered == 0),
        ];
    }
}
