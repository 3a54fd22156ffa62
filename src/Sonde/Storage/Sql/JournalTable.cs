using System.Buffers.Binary;
using Sonde.Samples;

namespace Sonde.Storage.Sql;

/// <summary>The table <c>journal</c>: a row for each append, its samples packed, with a CRC-32C behind them.</summary>
internal sealed class JournalTable(StoreConnection connection) : IDisposable
{
    private const int ChecksumLength = sizeof(uint);
    private readonly SqlStatement _append = connection.Prepare("INSERT INTO journal (seq, bytes) VALUES ($1, $2)");
    private readonly SqlStatement _trim = connection.Prepare("DELETE FROM journal WHERE seq < $1");
    private byte[] _row = [];

    /// <summary>Adds a row; durable when the transaction is.</summary>
    public void Append(long row, PackedSamples samples) => _append.Execute(row, Checked(samples));

    /// <summary>Writes a row anew; durable when the transaction is.</summary>
    public void Replace(long row, PackedSamples samples)
    {
        using var delete = connection.Prepare("DELETE FROM journal WHERE seq = $1");
        delete.Execute(row);
        if (samples.Count > 0)
        {
            Append(row, samples);
        }
    }

    /// <summary>Deletes the rows before this one.</summary>
    public void Trim(long firstKept) => _trim.Execute(firstKept);

    /// <summary>
    /// All rows in the order of writing: their number, and their packed bytes; empty when they are damaged.
    /// </summary>
    public static IEnumerable<(long Row, ReadOnlyMemory<byte> Packed)> Read(StoreConnection connection)
    {
        using var statement = connection.Prepare("SELECT seq, bytes FROM journal ORDER BY seq");
        using var rows = statement.Query();
        while (rows.Read())
        {
            yield return (rows.GetInt64(0), Verified(rows.GetFieldValue<byte[]>(1)));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _append.Dispose();
        _trim.Dispose();
    }

    private ArraySegment<byte> Checked(PackedSamples samples)
    {
        var length = samples.Length + ChecksumLength;
        if (_row.Length < length)
        {
            _row = new byte[length * 2];
        }
        samples.Bytes.CopyTo(_row);
        BinaryPrimitives.WriteUInt32LittleEndian(_row.AsSpan(samples.Length), Crc32C.Of(samples.Bytes));
        return new ArraySegment<byte>(_row, 0, length);
    }

    private static ReadOnlyMemory<byte> Verified(byte[] row)
    {
        if (row.Length <= ChecksumLength)
        {
            return default;
        }
        var packed = row.AsMemory(0, row.Length - ChecksumLength);
        var expected = BinaryPrimitives.ReadUInt32LittleEndian(row.AsSpan(packed.Length));
        return Crc32C.Of(packed.Span) == expected ? packed : default;
    }
}
