using Sonde.Samples;

namespace Sonde.Storage.Sql;

/// <summary>What is stored of a block.</summary>
/// <param name="State">Whether its samples can be read.</param>
/// <param name="LatestMilliseconds">The latest time of its samples.</param>
/// <param name="Last">Its last sample.</param>
/// <param name="Sent">How many samples it has.</param>
/// <param name="SketchLength">How many bytes its sketch takes.</param>
/// <param name="Bytes">How many bytes its samples take.</param>
internal readonly record struct StoredBlock(
    BlockState State, long LatestMilliseconds, SampleIdentity Last, long Sent, int SketchLength, int Bytes);

/// <summary>Whether the samples of a block can be read.</summary>
internal enum BlockState : byte
{
    /// <summary>They can.</summary>
    Whole,

    /// <summary>Their bytes are damaged.</summary>
    Damaged,

    /// <summary>Retention deleted them; the summary is left.</summary>
    Gone,
}
