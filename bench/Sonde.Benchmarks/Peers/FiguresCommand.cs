using System.Globalization;

namespace Sonde.Benchmarks.Peers;

/// <summary>Measures the promised figures and writes their table.</summary>
internal static class FiguresCommand
{
    private static readonly IFigure[] All =
    [
        new BatchFigure(), new ServiceCpuFigure(), new ErrorFigure(), new ScaleFigure(), new TcpFigure(),
        new DnsFigure(), new HttpFigure(), new HttpPhasesFigure(), new StartFigure(), new PageWeightFigure(),
        new MetricsFigure(), new ProbeFigure(), new CodecFigure(), new StoreIngestFigure(),
        new StoreSizeFigure(), new StoreMemoryFigure(), new StoreChartsFigure(), new PostgresIngestFigure(),
    ];

    /// <summary>Runs the named figures, or all. Exit code 0, 1 when a bar was missed, 2 for bad usage.</summary>
    public static int Run(string[] args)
    {
        var names = new List<string>();
        var settings = new FigureSettings();
        for (var index = 0; index < args.Length; index++)
        {
            if (args[index] == "--quick")
            {
                settings = settings with { IsQuick = true };
            }
            else if (args[index] == "--runs" && index + 1 < args.Length
                && int.TryParse(args[index + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var runs)
                && runs is >= 1 and <= 100)
            {
                settings = settings with { Runs = runs };
                index++;
            }
            else if (All.Any(figure => figure.Name == args[index]))
            {
                names.Add(args[index]);
            }
            else
            {
                Console.Error.WriteLine(
                    $"usage: figures [{string.Join(" | ", All.Select(figure => figure.Name))}]… [--runs N] [--quick]");
                return 2;
            }
        }
        if (!File.Exists(settings.Sonde))
        {
            Console.Error.WriteLine(
                $"{settings.Sonde} is not there: run 'make build', or name the executable in SONDE");
            return 2;
        }
        return Measure(settings, [.. All.Where(figure => names.Count == 0 || names.Contains(figure.Name))]);
    }

    private static int Measure(FigureSettings settings, IFigure[] figures)
    {
        var report = new FigureReport(settings);
        foreach (var figure in figures)
        {
            Console.Error.WriteLine($"measuring {figure.Name} …");
            report.Add(RunOne(figure, settings));
        }
        Console.WriteLine(report.ToMarkdown());
        if (figures.Length == All.Length && !settings.IsQuick)
        {
            Console.Error.WriteLine($"written to {report.Save()}");
        }
        return report.Passes ? 0 : 1;
    }

    /// <summary>A figure that cannot be measured is a row that fails; the others are measured all the same.</summary>
    private static IReadOnlyList<FigureRow> RunOne(IFigure figure, FigureSettings settings)
    {
        if (figure.Program is { } program && !IsInstalled(program))
        {
            return [FigureRow.Alone(figure.Name, $"not measured: {program} is not installed", "–", passes: false)];
        }
        try
        {
            return figure.Run(settings);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Console.Error.WriteLine(e);
            var firstLine = e.Message.Split('\n')[0];   // the whole stands on stderr
            return [FigureRow.Alone(figure.Name, $"not measured: {firstLine}", "–", passes: false)];
        }
    }

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Any(folder => File.Exists(Path.Combine(folder, program)));
}
