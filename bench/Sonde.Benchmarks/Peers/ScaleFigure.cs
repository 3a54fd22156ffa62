namespace Sonde.Benchmarks.Peers;

/// <summary>10,000 targets once a second, measured and stored.</summary>
internal sealed class ScaleFigure : IFigure
{
    /// <inheritdoc/>
    public string Name => "scale";

    /// <inheritdoc/>
    public string? Program => null;

    /// <inheritdoc/>
    public IReadOnlyList<FigureRow> Run(FigureSettings settings)
    {
        var count = settings.Targets(10_000);
        var runs = Enumerable.Range(0, settings.Runs).Select(_ => RunOnce(settings, count)).ToList();
        var (cpu, resident) = (
            Spread.Median(runs.Select(run => run.CpuRatio)), Spread.Median(runs.Select(run => run.Megabytes)));
        var missed = runs.Max(run => run.Missed);
        return
        [
            FigureRow.Alone(
                $"scale: rounds missed, {count} targets × 1/s for {settings.Seconds(60).TotalSeconds} s, most of runs",
                $"{missed} (of {runs.Min(run => run.Samples)} samples, {runs.Max(run => run.Lost)} lost)", "0",
                missed == 0),
            FigureRow.Alone("scale: CPU of one core", FigureRow.Text(cpu * 100, "0.0 '%'"), "≤ 60 %", cpu <= 0.6),
            FigureRow.Alone("scale: memory (RSS)", FigureRow.Text(resident, "0 MB"), "≤ 250 MB", resident <= 250),
        ];
    }

    private static Outcome RunOnce(FigureSettings settings, int count)
    {
        var (warmUp, duration) = (settings.Seconds(10), settings.Seconds(60));
        using var sonde = new SondeRun(settings, LoopbackTargets.Take(count), TimeSpan.FromSeconds(1));
        sonde.Program.RunFor(warmUp);
        var cpuBefore = sonde.Program.Cpu;
        var from = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        sonde.Program.RunFor(duration);
        var cpu = sonde.Program.Cpu - cpuBefore;
        var resident = sonde.Program.ResidentMegabytes;
        var to = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        sonde.Program.RunFor(TimeSpan.FromSeconds(3));   // what was sent by then is stored by now
        var samples = sonde.StopAndExport().Where(sample => sample.SentAtMs >= from && sample.SentAtMs < to).ToList();
        return new(
            CountMissed(samples, count, from, to), samples.Count, samples.Count(sample => sample.RttUs is null),
            cpu / duration, resident);
    }

    /// <summary>
    /// Counts the seconds in which a target was not probed: gaps of over 1.5 s between probes, or before and after
    /// them.
    /// </summary>
    private static long CountMissed(IReadOnlyList<ExportedSample> samples, int count, long from, long to)
    {
        var byCheck = samples.ToLookup(sample => sample.Check, sample => sample.SentAtMs);
        return Enumerable.Range(0, count).Sum(check =>
        {
            long[] instants = [from, .. byCheck[check].Order(), to];
            return instants.Zip(instants.Skip(1), (before, after) => after - before)
                .Where(gap => gap > 1_500).Sum(gap => (long)Math.Round(gap / 1000.0) - 1);
        });
    }

    private sealed record Outcome(long Missed, int Samples, int Lost, double CpuRatio, double Megabytes);
}
