using System.Diagnostics;

namespace Sonde.Benchmarks.Peers;

/// <summary>How soon after its start the first sample is safe on disk, and the memory that 20 targets take.</summary>
internal sealed class StartFigure : IFigure
{
    private const int Steps = 7;   // 2 s halved seven times: 16 ms

    /// <inheritdoc/>
    public string Name => "start";

    /// <inheritdoc/>
    public string? Program => null;

    /// <inheritdoc/>
    public IReadOnlyList<FigureRow> Run(FigureSettings settings)
    {
        var seconds = Spread.Median(Enumerable.Range(0, settings.Runs).Select(_ => FindFirstStored(settings)));
        var resident = Spread.Median(Enumerable.Range(0, settings.Runs).Select(_ => MeasureMemory(settings)));
        return
        [
            FigureRow.Alone("start to first stored sample", FigureRow.Text(seconds, "0.00 s"), "≤ 1 s", seconds <= 1),
            FigureRow.Alone(
                "memory (RSS) with 20 targets after a minute", FigureRow.Text(resident, "0 MB"), "≤ 110 MB",
                resident <= 110),
        ];
    }

    /// <summary>
    /// Kills the process ever nearer to the moment before which nothing is stored yet: what the export then still holds
    /// was truly stored.
    /// </summary>
    /// <returns>Seconds; infinite when nothing is stored after two.</returns>
    private static double FindFirstStored(FigureSettings settings)
    {
        var (without, with) = (TimeSpan.Zero, TimeSpan.FromSeconds(2));
        if (!IsStoredAfter(settings, with))
        {
            return double.PositiveInfinity;
        }
        for (var step = 0; step < Steps; step++)
        {
            var middle = (without + with) / 2;
            (without, with) = IsStoredAfter(settings, middle) ? (without, middle) : (middle, with);
        }
        return with.TotalSeconds;
    }

    private static bool IsStoredAfter(FigureSettings settings, TimeSpan age)
    {
        using var sonde = new SondeRun(settings, LoopbackTargets.Take(20), TimeSpan.FromSeconds(1));
        var left = age - Stopwatch.GetElapsedTime(sonde.Program.StartedAt);
        sonde.Program.RunFor(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        sonde.Program.KillAtOnce();
        return sonde.TryExport() is { Count: > 0 };
    }

    private static double MeasureMemory(FigureSettings settings)
    {
        using var sonde = new SondeRun(settings, LoopbackTargets.Take(20), TimeSpan.FromSeconds(1));
        sonde.Program.RunFor(settings.Seconds(60));
        return sonde.Program.ResidentMegabytes;
    }
}
