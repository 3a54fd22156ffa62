namespace Sonde.Benchmarks.Peers;

/// <summary>One of the figures that the project promises.</summary>
internal interface IFigure
{
    /// <summary>Its name on the command line.</summary>
    string Name { get; }

    /// <summary>What must be installed beside Sonde; null = nothing.</summary>
    string? Program { get; }

    /// <summary>Measures, for seconds to minutes.</summary>
    IReadOnlyList<FigureRow> Run(FigureSettings settings);
}
