namespace Sonde.Benchmarks.Peers;

/// <summary>One line of the table of figures.</summary>
/// <param name="Figure">What was measured.</param>
/// <param name="Ours">Sonde's number, with its unit.</param>
/// <param name="Peer">The other program's number; a dash when there is none.</param>
/// <param name="Ratio">Ours divided by the peer's; a dash when there is no peer.</param>
/// <param name="Bar">What was asked for.</param>
/// <param name="Passes">Whether it was reached.</param>
internal sealed record FigureRow(string Figure, string Ours, string Peer, string Ratio, string Bar, bool Passes)
{
    /// <summary>A row that stands alone, without another program beside it.</summary>
    public static FigureRow Alone(string figure, string ours, string bar, bool passes) =>
        new(figure, ours, "–", "–", bar, passes);

    /// <summary>A row whose ratio to the peer is what counts.</summary>
    /// <param name="figure">What was measured.</param>
    /// <param name="ours">Sonde's number.</param>
    /// <param name="peer">The other program's.</param>
    /// <param name="format">How to write a number, for example <c>0.0 µs</c>.</param>
    /// <param name="bar">The ratio asked for.</param>
    /// <param name="atLeast">True when the ratio is to be at least the bar, false when at most.</param>
    public static FigureRow Compared(string figure, double ours, double peer, string format, double bar, bool atLeast)
    {
        var ratio = ours / peer;
        return new(
            figure, Text(ours, format), Text(peer, format), Text(ratio, "0.000 ×"),
            (atLeast ? "≥ " : "≤ ") + Text(bar, "0.## ×"),
            atLeast ? ratio >= bar : ratio <= bar);
    }

    /// <summary>A number as the tables write it, in any culture.</summary>
    public static string Text(double value, string format) =>
        value.ToString(format, System.Globalization.CultureInfo.InvariantCulture);
}
