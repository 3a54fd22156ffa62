using System.Data.Common;
using Sonde.Samples;

namespace Sonde.Storage.Sql;

/// <summary>The database that holds a store: how it is opened, and what its faults mean. One caller.</summary>
internal interface IStoreDatabase : IDisposable
{
    /// <summary>
    /// Opens it for the one writer: takes the sole right to write, makes the tables or brings them to this version.
    /// </summary>
    /// <exception cref="StoreRefusedException">
    /// Another process writes it, or a newer version or another program made it.
    /// </exception>
    /// <exception cref="StoreUnavailableException">It cannot be reached.</exception>
    /// <exception cref="DbException">It cannot be opened or written.</exception>
    StoreConnection OpenForWriting();

    /// <summary>Opens a store that is there to read only, also beside the writer. Any thread.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    /// <exception cref="FileNotFoundException">There is no store in it.</exception>
    /// <exception cref="StoreRefusedException">A newer version, or another program, wrote it.</exception>
    /// <exception cref="StoreUnavailableException">It cannot be reached.</exception>
    /// <exception cref="DbException">It cannot be opened or read.</exception>
    StoreConnection OpenForReading();

    /// <summary>Makes sure that there is a store already; for those who do not want to begin one.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    /// <exception cref="FileNotFoundException">There is no store in it.</exception>
    /// <exception cref="StoreUnavailableException">It cannot be looked at.</exception>
    void ThrowIfNotThere()
    {
        // opening it tells
    }

    /// <summary>
    /// True when it is on another machine, or may be: then nobody's thread but one of the pool waits for it.
    /// </summary>
    bool IsRemote { get; }

    /// <summary>False when what was opened for writing is not the database of that name any more.</summary>
    bool IsInPlace { get; }

    /// <summary>
    /// Gives up the right to write what is not in its place any more.
    /// </summary>
    /// <returns>What happened and what to do, in a sentence.</returns>
    string LetGo();

    /// <summary>The exception to throw for a fault of the engine, with a sentence for people.</summary>
    StoreUnavailableException Explain(DbException fault);

    /// <summary>True when the connection itself is as it was, so that it need not be opened again.</summary>
    bool IsPassing(DbException fault);
}
