using Sonde.Samples;
using Sonde.Storage.Sql;
using Sonde.Storage.Sqlite;

namespace Sonde.Storage;

/// <summary>
/// Where a store is, as it is written on the command line: a data directory, or a database's address.
/// </summary>
internal static class StoreLocation
{
    private static readonly string[] PostgresSchemes = ["postgres://", "postgresql://"];

    /// <summary>True for the address of a PostgreSQL database; it may hold a password.</summary>
    public static bool IsPostgres(string location) =>
        PostgresSchemes.Any(scheme => location.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));

    /// <summary>The database at a place, not opened yet. The caller disposes of it.</summary>
    /// <exception cref="StoreRefusedException">This program has no such store.</exception>
    public static IStoreDatabase Open(string location) => IsPostgres(location)
        ? throw new StoreRefusedException(
            "This sonde keeps its store in a directory only: name one instead of a postgres:// address.")
        : new SqliteDatabase(location);
}
