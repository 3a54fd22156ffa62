using Sonde.Measurement.Statistics;

namespace Sonde.Storage.Blocks;

/// <summary>A block and what it holds in sum.</summary>
/// <param name="Bytes">Its bytes; the codec's next call changes them.</param>
/// <param name="Summary">The window of its samples.</param>
/// <param name="EarliestMilliseconds">The earliest time a sample was sent: after a step of the wall clock not that of
/// the first one.</param>
/// <param name="LatestMilliseconds">The latest such time.</param>
internal readonly record struct PackedBlock(
    ArraySegment<byte> Bytes, Window Summary, long EarliestMilliseconds, long LatestMilliseconds);
