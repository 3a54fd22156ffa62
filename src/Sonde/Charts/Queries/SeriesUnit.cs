using Sonde.Samples;

namespace Sonde.Charts.Queries;

/// <summary>In which unit a series is told: durations in milliseconds, all else in its own unit.</summary>
/// <param name="Word">The unit, for example <c>ms</c>.</param>
/// <param name="Suffix">What follows the names of its values; empty for all but durations.</param>
/// <param name="Thousandths">How many thousandths of the unit one of the stored whole numbers is.</param>
internal sealed record SeriesUnit(string Word, string Suffix, int Thousandths)
{
    private static readonly SeriesUnit Milliseconds = new("ms", "Ms", 1);

    /// <summary>The unit of a quantity.</summary>
    public static SeriesUnit Of(Quantity quantity) =>
        quantity.Unit == Quantity.Microseconds ? Milliseconds : new(quantity.Unit, "", 1_000);
}
