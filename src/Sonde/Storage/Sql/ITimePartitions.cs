using System.Data.Common;

namespace Sonde.Storage.Sql;

/// <summary>The parts by time that an engine divides tables into, so that old data goes by dropping parts.</summary>
internal interface ITimePartitions
{
    /// <summary>Within a transaction: makes the parts that a block or a day needs, where they are missing.</summary>
    /// <param name="firstMilliseconds">When its earliest sample was sent, or where the day begins.</param>
    void MakeFor(long firstMilliseconds);

    /// <summary>The transaction is durable: what it made stays.</summary>
    void Keep();

    /// <summary>The transaction failed: what it made is not there.</summary>
    void Forget();

    /// <summary>
    /// Deletes the parts of a table that hold nothing sent at that time or later; outside of a transaction.
    /// </summary>
    /// <param name="table">The table: <c>block</c>, <c>block_bytes</c> or <c>day</c>.</param>
    /// <param name="beforeMilliseconds">The time; a part with any sample sent then or later stays whole.</param>
    /// <returns>The names of the parts that are gone.</returns>
    /// <exception cref="DbException">A part could not be deleted; those before it are gone.</exception>
    IReadOnlyList<string> DropBefore(string table, long beforeMilliseconds);
}
