namespace Sonde.Measurement.Statistics;

/// <summary>The first or the last sample of a window: where it stands in the series, and its value.</summary>
/// <param name="Round">Its round's number.</param>
/// <param name="Index">Its place in the round.</param>
/// <param name="Value">Its value; null when it was lost.</param>
public readonly record struct WindowEdge(long Round, int Index, long? Value)
{
    internal bool IsLost => Value is null;

    internal bool IsAfter(in WindowEdge other) =>
        Round > other.Round || (Round == other.Round && Index > other.Index);

    /// <summary>True for the next index of the same round, and for index 0 of the next round.</summary>
    internal bool IsNeighbourOf(in WindowEdge before) =>
        Round == before.Round ? Index == before.Index + 1 : Round == before.Round + 1 && Index == 0;
}
