using System.Buffers.Binary;
using Sonde.Measurement.Statistics;
using Sonde.Samples;

namespace Sonde.Storage.Sql;

/// <summary>A UTC day of a series: its summary, and the windows of its hours, packed.</summary>
/// <remarks>
/// The packed form is the CRC-32C of what follows, then for each hour of the day the length of its window (two bytes,
/// little endian; 0 when nothing was sent) and its bytes.
/// </remarks>
internal sealed record DaySummary(SampleSummary Whole, byte[] Hours)
{
    private const int HoursADay = 24;
    private const int ChecksumLength = sizeof(uint);

    /// <summary>
    /// Makes it of the blocks of the day; null when there are too few to be worth it, when samples of it are gone or
    /// damaged, or when the hours do not lie one after the other in the order of rounds, because the clock was stepped.
    /// </summary>
    public static DaySummary? Make(StoreConnection connection, ReadableSeries series, long day, int fewestBlocks)
    {
        var query = new WindowQuery
        {
            Series = [],
            FromMilliseconds = day,
            StepMilliseconds = DayTable.HourMilliseconds,
            Count = HoursADay,
        };
        if (CountBlocks(connection, series, query) < fewestBlocks)
        {
            return null;
        }
        var isDamaged = false;
        var windows = new StepWindows(day, DayTable.HourMilliseconds, HoursADay, new WindowBuilder());
        new WindowReader(connection, query, _ => isDamaged = true)
            .AddBlocks(series, windows, day, day + DayTable.DayMilliseconds, CancellationToken.None);
        return windows.IsCoarse || windows.IsDisordered || isDamaged ? null : Of(windows.Windows, day);
    }

    /// <summary>The hours of a day; null when the bytes are damaged.</summary>
    public static List<SampleSummary>? TryReadHours(long day, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < ChecksumLength
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Crc32C.Of(bytes[ChecksumLength..]))
        {
            return null;
        }
        var hours = new List<SampleSummary>(HoursADay);
        var rest = bytes[ChecksumLength..];
        try
        {
            for (var hour = 0; hour < HoursADay; hour++)
            {
                var length = BinaryPrimitives.ReadUInt16LittleEndian(rest);
                if (length > 0)
                {
                    var begin = day + (hour * DayTable.HourMilliseconds);
                    var end = begin + DayTable.HourMilliseconds - 1;
                    hours.Add(new SampleSummary(begin, end, Window.FromBytes(rest.Slice(2, length))));
                }
                rest = rest[(2 + length)..];
            }
            return rest.IsEmpty ? hours : null;
        }
        catch (Exception error) when (error is FormatException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    private static DaySummary? Of(Window?[] hours, long day)
    {
        var whole = new Window();
        using var bytes = new MemoryStream();
        Span<byte> length = stackalloc byte[ChecksumLength];
        bytes.Write(length);
        foreach (var hour in hours)
        {
            var packed = hour?.ToBytes() ?? [];
            if (packed.Length > ushort.MaxValue)
            {
                return null;
            }
            BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)packed.Length);
            bytes.Write(length[..2]);
            bytes.Write(packed);
            if (hour is not null)
            {
                whole.Merge(hour);
            }
        }
        var all = bytes.ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(all, Crc32C.Of(all.AsSpan(ChecksumLength)));
        return whole.Sent == 0
            ? null
            : new DaySummary(new SampleSummary(day, day + DayTable.DayMilliseconds - 1, whole), all);
    }

    private static long CountBlocks(StoreConnection connection, ReadableSeries series, WindowQuery query)
    {
        using var statement = connection.Prepare(
            "SELECT COUNT(*) FROM block WHERE series_id = $1 AND first_ms >= $2 AND first_ms < $4 AND last_ms >= $3");
        using var rows = statement.Query(
            series.Id, series.EarliestBlock(query.FromMilliseconds), query.FromMilliseconds, query.ToMilliseconds);
        rows.Read();
        return rows.GetInt64(0);
    }
}
