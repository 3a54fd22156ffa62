using Sonde.Samples;

namespace Sonde.Storage.Sql;

/// <summary>What a reader must know of a stored series.</summary>
/// <param name="Id">Its number in the database.</param>
/// <param name="SealedUpTo">The last sample that is in a block.</param>
/// <param name="LongestBlockMilliseconds">No block of it spans more time.</param>
/// <param name="IsStepped">True when the order of its blocks in time is not that of their rounds.</param>
internal readonly record struct ReadableSeries(
    int Id, SampleIdentity SealedUpTo, long LongestBlockMilliseconds, bool IsStepped)
{
    /// <summary>The columns of the table <c>series</c> that say it, after <c>id</c>.</summary>
    public const string Columns = "sealed_round, sealed_index, longest_ms, is_stepped";

    /// <summary>The series as it is in the connection's snapshot.</summary>
    public static ReadableSeries Read(StoreConnection connection, int id)
    {
        using var rows = connection.Keep($"SELECT {Columns} FROM series WHERE id = $1").Query(id);
        return rows.Read() ? Read(rows, id, 0) : new ReadableSeries(id, SampleIdentity.BeforeAll, 0, false);
    }

    /// <summary>The series of a row, its <see cref="Columns"/> from a place on.</summary>
    public static ReadableSeries Read(System.Data.Common.DbDataReader row, int id, int at) => new(
        id,
        row.IsDBNull(at)
            ? SampleIdentity.BeforeAll
            : new SampleIdentity(row.GetInt64(at), (ushort)row.GetInt32(at + 1)),
        row.GetInt64(at + 2), row.GetInt64(at + 3) != 0);

    /// <summary>No block that reaches a time begins before this.</summary>
    public long EarliestBlock(long milliseconds) => milliseconds < long.MinValue + LongestBlockMilliseconds
        ? long.MinValue
        : milliseconds - LongestBlockMilliseconds;

    /// <summary>The order of blocks in time: that of the key.</summary>
    public const string TimeOrder = "first_ms, first_round, first_index";

    /// <summary>The order of blocks by their rounds.</summary>
    public const string RoundOrder = "first_round, first_index";

    /// <summary>The order in which its blocks must be read to come in the order of rounds.</summary>
    public string BlockOrder => IsStepped ? RoundOrder : TimeOrder;
}
