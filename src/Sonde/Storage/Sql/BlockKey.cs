using Sonde.Samples;

namespace Sonde.Storage.Sql;

/// <summary>What a block is known by within its series: its earliest time, and its first sample.</summary>
internal readonly record struct BlockKey(long FirstMilliseconds, SampleIdentity First)
{
    /// <summary>Before every block that there is.</summary>
    public static readonly BlockKey BeforeAll = new(long.MinValue, SampleIdentity.BeforeAll);
}
