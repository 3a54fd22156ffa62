using System.Data.Common;

namespace Sonde.Storage.Sql;

/// <summary>The parts by time that an engine divides tables into, so that old data goes by dropping parts.</summary>
internal interface ITimePartitions
{
    /// <summary>Within a transaction: makes the parts that a block needs, where they are missing.</summary>
    /// <param name="lastMilliseconds">When the last sample of the block was sent.</param>
    void MakeFor(long lastMilliseconds);

    /// <summary>The transaction is durable: what it made stays.</summary>
    void Keep();

    /// <summary>The transaction failed: what it made is not there.</summary>
    void Forget();

    /// <summary>
    /// Deletes the parts of a table that hold nothing sent at that time or later; outside of a transaction.
    /// </summary>
    /// <param name="table">The table: <c>block</c> or <c>block_bytes</c>.</param>
    /// <param name="beforeMilliseconds">Parts that end at this time or before go.</param>
    /// <returns>The names of the parts that are gone.</returns>
    /// <exception cref="DbException">A part could not be deleted; those before it are gone.</exception>
    IReadOnlyList<string> DropBefore(string table, long beforeMilliseconds);
}
