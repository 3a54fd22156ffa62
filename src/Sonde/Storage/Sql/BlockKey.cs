using Sonde.Samples;

namespace Sonde.Storage.Sql;

/// <summary>What a block is known by within its series: its earliest time, and its first sample.</summary>
internal readonly record struct BlockKey(long FirstMilliseconds, SampleIdentity First)
{
    /// <summary>Before every block that there is.</summary>
    public static readonly BlockKey BeforeAll = new(long.MinValue, SampleIdentity.BeforeAll);
}

/// <summary>A block that was just written.</summary>
/// <param name="FirstMilliseconds">Its earliest time: milliseconds since 1970 UTC.</param>
/// <param name="Count">How many samples it has.</param>
internal readonly record struct WrittenBlock(long FirstMilliseconds, int Count);
