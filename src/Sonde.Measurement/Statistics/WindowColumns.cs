namespace Sonde.Measurement.Statistics;

/// <summary>Samples of a series, in order, column by column: all spans are equally long.</summary>
public readonly ref struct WindowColumns
{
    /// <summary>The numbers of their rounds, 0 or more.</summary>
    public required ReadOnlySpan<long> Rounds { get; init; }

    /// <summary>Their places in their rounds.</summary>
    public required ReadOnlySpan<ushort> Indexes { get; init; }

    /// <summary>Why they were lost; <see cref="LossReason.None"/> for those that were answered.</summary>
    public required ReadOnlySpan<LossReason> Losses { get; init; }

    /// <summary>Their values, -<see cref="Window.MaxValue"/> to <see cref="Window.MaxValue"/>; anything where
    /// lost.</summary>
    public required ReadOnlySpan<long> Values { get; init; }

    /// <summary>How many further copies of their answers came.</summary>
    public required ReadOnlySpan<ushort> Duplicates { get; init; }

    /// <summary>True where the measuring process was late.</summary>
    public required ReadOnlySpan<bool> Suspect { get; init; }

    /// <summary>How many samples.</summary>
    public int Count => Rounds.Length;

    /// <summary>Some of them, for example those within the edges of a span.</summary>
    public WindowColumns Slice(int start, int length) => new()
    {
        Rounds = Rounds.Slice(start, length),
        Indexes = Indexes.Slice(start, length),
        Losses = Losses.Slice(start, length),
        Values = Values.Slice(start, length),
        Duplicates = Duplicates.Slice(start, length),
        Suspect = Suspect.Slice(start, length),
    };
}
