namespace Sonde.Charts;

/// <summary>One IP version of a target that is measured over both: how it stands, and its figures.</summary>
public sealed record FamilyRow : LatestFigures
{
    /// <summary>A row with the figures of its series.</summary>
    internal FamilyRow(LatestFigures figures)
        : base(figures)
    {
    }

    /// <summary>4 or 6.</summary>
    public required int Family { get; init; }

    /// <summary><c>up</c>, <c>degraded</c>, <c>down</c> or <c>unknown</c>.</summary>
    public required string State { get; init; }
}
