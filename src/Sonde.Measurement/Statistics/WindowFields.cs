using System.Collections.Immutable;

namespace Sonde.Measurement.Statistics;

/// <summary>All numbers of a window but its sketch, to be stored as columns.</summary>
/// <remarks>Of a window of nothing all are 0. Where nothing was received, all from <see cref="Minimum"/> on are
/// 0.</remarks>
public readonly record struct WindowFields
{
    /// <summary>Probes that were sent and measured.</summary>
    public required long Sent { get; init; }

    /// <summary>Further copies of answers.</summary>
    public required long Duplicates { get; init; }

    /// <summary>Samples taken while the measuring process was late.</summary>
    public required long Suspect { get; init; }

    /// <summary>Why samples were lost: each reason once, in the order of its number.</summary>
    public required ImmutableArray<LossCount> Losses { get; init; }

    /// <summary>The first sample.</summary>
    public required WindowEdge First { get; init; }

    /// <summary>The last sample.</summary>
    public required WindowEdge Last { get; init; }

    /// <summary>The smallest value.</summary>
    public required long Minimum { get; init; }

    /// <summary>The largest value.</summary>
    public required long Maximum { get; init; }

    /// <summary>The sum of all values.</summary>
    public required Int128 Sum { get; init; }

    /// <summary>The sum of the squares of all values.</summary>
    public required UInt128 SumOfSquares { get; init; }

    /// <summary>The sum of the absolute differences of the jitter pairs.</summary>
    public required UInt128 JitterSum { get; init; }

    /// <summary>How many jitter pairs there are.</summary>
    public required long JitterPairs { get; init; }
}
