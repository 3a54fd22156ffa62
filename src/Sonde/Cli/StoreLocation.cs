using Sonde.Configuration;
using Sonde.Samples;
using Sonde.Storage.Postgres;
using Sonde.Storage.Sql;
using Sonde.Storage.Sqlite;

namespace Sonde.Cli;

/// <summary>
/// Where a store is, as it is written on the command line: a data directory, or the address of a PostgreSQL database.
/// </summary>
internal static class StoreLocation
{
    private static readonly string[] PostgresSchemes = ["postgres://", "postgresql://"];

    /// <summary>True for the address of a PostgreSQL database; it may hold a password.</summary>
    public static bool IsPostgres(string location) =>
        PostgresSchemes.Any(scheme => location.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));

    /// <summary>The database at a place, not opened yet. The caller disposes of it.</summary>
    /// <exception cref="StoreRefusedException">The address is wrong.</exception>
    public static IStoreDatabase Open(string location)
    {
        if (!IsPostgres(location))
        {
            return new SqliteDatabase(location);
        }
        var problem = StorageAddress.Parse(location, Environment.CurrentDirectory, out var storage);
        return storage is null
            ? throw new StoreRefusedException($"The address of the database {problem}.")
            : storage.Password is not null
            ? throw new StoreRefusedException(
                "Everybody on this machine can read a command line: leave the password out of the address, and set "
                + "PGPASSWORD or write it into ~/.pgpass.")
            : new PostgresDatabase(storage.ConnectionString, storage.ToString(), spoolDirectory: null);
    }

    /// <summary>The directory of a store that must be a file.</summary>
    /// <exception cref="StoreRefusedException">It is a database: what to do instead.</exception>
    public static string Directory(string location, string instead) => IsPostgres(location)
        ? throw new StoreRefusedException($"This is for a store in a directory; with PostgreSQL {instead}.")
        : location;
}
