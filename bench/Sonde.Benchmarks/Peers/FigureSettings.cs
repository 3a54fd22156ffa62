namespace Sonde.Benchmarks.Peers;

/// <summary>How much a run of the figures does.</summary>
internal sealed record FigureSettings
{
    /// <summary>The executable: the variable SONDE, or out/sonde of this repository.</summary>
    public string Sonde { get; init; } =
        Environment.GetEnvironmentVariable("SONDE") ?? Path.Combine(Root, "out", "sonde");

    /// <summary>How many runs each median is of; default 3.</summary>
    public int Runs { get; init; } = 3;

    /// <summary>
    /// True to try the figures with a tenth of the targets and of the time; such a table is not to be kept.
    /// </summary>
    public bool IsQuick { get; init; }

    /// <summary>The root of the repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A number of targets, or a tenth of it.</summary>
    public int Targets(int full) => IsQuick ? Math.Max(1, full / 10) : full;

    /// <summary>A duration, or a tenth of it but at least two seconds.</summary>
    public TimeSpan Seconds(int full) => TimeSpan.FromSeconds(IsQuick ? Math.Max(2, full / 10) : full);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Sonde.slnx")))
        {
            folder = folder.Parent;
        }
        return folder?.FullName ?? throw new InvalidOperationException(
            "the benchmarks run from within the repository only");
    }
}
