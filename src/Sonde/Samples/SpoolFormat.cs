using System.Buffers.Binary;
using System.Text;
using Sonde.Targets;

namespace Sonde.Samples;

/// <summary>
/// The bytes of a spool segment: <c>SONDESP1</c>, then records: a kind, a length, a CRC-32C, the bytes. <c>S</c> gives
/// a number to a series, <c>P</c> holds packed samples under these numbers. Little endian; damage costs the record, not
/// the segment.
/// </summary>
internal static class SpoolFormat
{
    private const int HeadLength = 1 + (2 * sizeof(int));
    private static ReadOnlySpan<byte> Magic => "SONDESP1"u8;

    /// <summary>Writes chunks with the keys of all their series.</summary>
    public static void Write(Stream to, IEnumerable<PackedSamples> chunks, SeriesCatalog catalog)
    {
        to.Write(Magic);
        var told = new HashSet<int>();
        foreach (var chunk in chunks)
        {
            var reader = new PackedSampleReader(chunk.Bytes);
            while (reader.TryRead(out var series, out _))
            {
                if (told.Add(series))
                {
                    WriteRecord(to, 'S', WriteKey(series, catalog.KeyOf(new SeriesHandle(series))));
                }
            }
            WriteRecord(to, 'P', chunk.Bytes);
        }
    }

    /// <summary>Reads the samples of a segment, a batch for each chunk, under the handles of this process.</summary>
    public static IEnumerable<List<Sample>> Read(byte[] segment, SeriesCatalog catalog)
    {
        if (!segment.AsSpan().StartsWith(Magic))
        {
            yield break;
        }
        var handles = new Dictionary<int, SeriesHandle>();
        var position = Magic.Length;
        while (TryReadRecord(segment, ref position, out var kind, out var content))
        {
            if (kind == 'S' && ReadKey(content) is var (number, key))
            {
                handles[number] = catalog.GetOrAdd(key);
            }
            else if (kind == 'P')
            {
                yield return ReadSamples(content, handles);
            }
        }
    }

    private static void WriteRecord(Stream to, char kind, ReadOnlySpan<byte> content)
    {
        Span<byte> head = stackalloc byte[HeadLength];
        head[0] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(head[1..], content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[(1 + sizeof(int))..], Crc32C.Of(content));
        to.Write(head);
        to.Write(content);
    }

    // Records whose checksum is wrong are passed over; the bytes end where a length cannot be.
    private static bool TryReadRecord(byte[] segment, ref int position, out char kind, out byte[] content)
    {
        (kind, content) = (default, []);
        while (segment.Length - position >= HeadLength)
        {
            var head = segment.AsSpan(position, HeadLength);
            var length = BinaryPrimitives.ReadInt32LittleEndian(head[1..]);
            position += HeadLength;
            if (length < 0 || length > segment.Length - position)
            {
                return false;
            }
            var bytes = segment.AsSpan(position, length);
            position += length;
            if (Crc32C.Of(bytes) == BinaryPrimitives.ReadUInt32LittleEndian(head[(1 + sizeof(int))..]))
            {
                (kind, content) = ((char)head[0], bytes.ToArray());
                return true;
            }
        }
        return false;
    }

    private static byte[] WriteKey(int number, SeriesKey key)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(number);
        writer.Write(key.Check.Value);
        writer.Write(key.VantagePoint);
        writer.Write(key.Family);
        writer.Write(key.Quantity.Name);
        writer.Write(key.Quantity.Unit);
        writer.Flush();
        return bytes.ToArray();
    }

    private static (int Number, SeriesKey Key)? ReadKey(byte[] content)
    {
        using var reader = new BinaryReader(new MemoryStream(content), Encoding.UTF8);
        try
        {
            var number = reader.ReadInt32();
            return CheckId.TryParse(reader.ReadString(), null, out var check)
                ? (number, new SeriesKey(
                    check, reader.ReadString(), reader.ReadByte(),
                    new Quantity(reader.ReadString(), reader.ReadString())))
                : null;
        }
        catch (Exception error) when (error is IOException or FormatException)
        {
            return null;
        }
    }

    private static List<Sample> ReadSamples(byte[] packed, Dictionary<int, SeriesHandle> handles)
    {
        var samples = new List<Sample>();
        var reader = new PackedSampleReader(packed);
        while (reader.TryRead(out var number, out var sample))
        {
            if (handles.TryGetValue(number, out var series))
            {
                samples.Add(sample with { Series = series });
            }
        }
        return samples;
    }
}
