using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Sonde.Measurement.Statistics;
using Sonde.Samples;

namespace Sonde.Storage.Blocks;

/// <summary>
/// Packs the samples of a block column by column, lossless, with a checksum, and sums them up. One caller at a time.
/// </summary>
/// <remarks>
/// A block is the byte 2 (the layout), how many samples as varint, the columns as <see cref="BlockLayout"/> has them,
/// and last the CRC-32C of all that, 4 bytes, little endian. Blocks of layout 1 are still read.
/// </remarks>
internal sealed class BlockCodec
{
    /// <summary>The most samples in a block.</summary>
    public const int MaxCount = 4_096;

    private const byte Layout = 2;
    private const byte EarlierLayout = 1;
    private const int ChecksumLength = 4;
    private readonly ColumnWriter _writer = new();
    private readonly SampleColumns _columns = new();
    private readonly WindowBuilder _windows = new();

    /// <summary>Packs 1 to <see cref="MaxCount"/> samples of one series.</summary>
    /// <returns>The block's bytes; the next call changes them.</returns>
    public ArraySegment<byte> Pack(ReadOnlySpan<Sample> samples)
    {
        ArgumentOutOfRangeException.ThrowIfZero(samples.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(samples.Length, MaxCount);
        _columns.CopyFrom(samples);
        _writer.Clear();
        _writer.Byte(Layout);
        _writer.Number((ulong)samples.Length);
        BlockLayout.Write(_writer, _columns);
        _writer.Checksum();
        return _writer.Written;
    }

    /// <summary>Packs 1 to <see cref="MaxCount"/> samples of one series, in order, and sums them up.</summary>
    /// <exception cref="ArgumentException">A window cannot hold them: they are not in order, or a number is out of its
    /// range.</exception>
    public PackedBlock PackAndSummarize(ReadOnlySpan<Sample> samples)
    {
        var bytes = Pack(samples);
        var (earliest, latest) = Extent.Of(_columns.Times);
        return new(bytes, _windows.Build(_columns.ForWindow), earliest, latest);
    }

    /// <summary>Reads a block into columns; false, and anything there, when the bytes are not a block.</summary>
    public static bool TryUnpack(ReadOnlySpan<byte> bytes, SampleColumns columns) =>
        bytes.Length > ChecksumLength
        && BinaryPrimitives.ReadUInt32LittleEndian(bytes[^ChecksumLength..]) == Crc32C.Of(bytes[..^ChecksumLength])
        && TryUnpackColumns(bytes[..^ChecksumLength], columns);

    /// <summary>Reads a block into a buffer, without allocating; false when the bytes are not a block, or not of as
    /// few samples as the buffer holds.</summary>
    /// <param name="bytes">The block.</param>
    /// <param name="series">The series of the samples.</param>
    /// <param name="columns">Room to work in, for one caller at a time.</param>
    /// <param name="samples">Where the samples go.</param>
    /// <param name="count">How many they are.</param>
    public static bool TryUnpack(
        ReadOnlySpan<byte> bytes, SeriesHandle series, SampleColumns columns, Span<Sample> samples, out int count)
    {
        count = 0;
        if (!TryUnpack(bytes, columns) || columns.Count > samples.Length)
        {
            return false;
        }
        count = columns.Count;
        columns.CopyTo(series, samples);
        return true;
    }

    /// <summary>Appends the samples of a block; false, and nothing appended, when the bytes are not a block.</summary>
    /// <param name="bytes">The block.</param>
    /// <param name="series">The series of the samples.</param>
    /// <param name="samples">Where the samples go.</param>
    /// <param name="columns">Room to work in; who reads many blocks gives the same each time.</param>
    public static bool TryUnpack(
        ReadOnlySpan<byte> bytes, SeriesHandle series, List<Sample> samples, SampleColumns? columns = null)
    {
        columns ??= new SampleColumns();
        if (!TryUnpack(bytes, columns))
        {
            return false;
        }
        var before = samples.Count;
        CollectionsMarshal.SetCount(samples, before + columns.Count);
        columns.CopyTo(series, CollectionsMarshal.AsSpan(samples)[before..]);
        return true;
    }

    /// <summary>Reads what stands before the checksum; any bytes may be given. False when they are damaged.</summary>
    internal static bool TryUnpackColumns(ReadOnlySpan<byte> bytes, SampleColumns columns)
    {
        var reader = new ColumnReader(bytes);
        var layout = reader.Byte();
        var count = (int)reader.AtMost(MaxCount);
        if (count == 0 || layout is not (Layout or EarlierLayout))
        {
            return false;
        }
        columns.SetCount(count);
        if (layout == Layout)
        {
            BlockLayout.Read(ref reader, columns);
        }
        else
        {
            FirstLayout.Read(ref reader, columns);
        }
        return reader.IsWhole;
    }
}
