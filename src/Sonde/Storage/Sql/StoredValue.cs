using System.Data.Common;

namespace Sonde.Storage.Sql;

/// <summary>
/// Values of a database that may be damaged: a flipped bit can make a number of a text, or nothing of some bytes.
/// </summary>
internal static class StoredValue
{
    /// <summary>The bytes of a column; none when there is something else, which no checksum lets pass.</summary>
    public static byte[] Bytes(DbDataReader row, int column) => row.GetValue(column) as byte[] ?? [];

    /// <summary>True for what reading a damaged value throws.</summary>
    public static bool IsDamage(Exception error) =>
        error is FormatException or InvalidCastException or OverflowException or ArgumentException
            or (InvalidOperationException and not ObjectDisposedException);
}
