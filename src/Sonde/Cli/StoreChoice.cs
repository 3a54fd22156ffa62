using System.CommandLine;
using Sonde.Configuration;
using Sonde.Storage.Postgres;
using Sonde.Storage.Sql;
using Sonde.Storage.Sqlite;

namespace Sonde.Cli;

/// <summary>Which store a verb reads: that of a data directory, or the one that a configuration names.</summary>
/// <remarks>
/// A database is named by a file and not on the command line: what stands there, everybody on the machine can see.
/// </remarks>
internal static class StoreChoice
{
    /// <summary>The option that names the configuration.</summary>
    public static Option<string?> MakeOption() => new("--config")
    {
        HelpName = "FILE",
        Description = "Read the store that this configuration names under 'storage'",
    };

    /// <summary>The database of the choice.</summary>
    /// <param name="directory">The data directory.</param>
    /// <param name="file">The configuration; null = the data directory's store.</param>
    /// <param name="errors">Told what is wrong with the configuration.</param>
    /// <returns>Null after something was told.</returns>
    public static IStoreDatabase? Open(string directory, string? file, TextWriter errors)
    {
        if (file is null)
        {
            return StoreLocation.Open(directory);
        }
        var reading = ConfigurationReader.ReadFile(file);
        foreach (var message in reading.Messages)
        {
            errors.WriteLine(message);
        }
        return reading.Configuration is { } configuration ? Of(configuration, directory, isWriter: false) : null;
    }

    /// <summary>The database that a configuration names, or that of the data directory.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="directory">The data directory.</param>
    /// <param name="isWriter">True for the one who writes, and spools to the data directory.</param>
    public static IStoreDatabase Of(SondeConfiguration configuration, string directory, bool isWriter) =>
        configuration.Storage is { } storage
            ? new PostgresDatabase(storage.ConnectionString, storage.ToString(), isWriter ? directory : null)
            : new SqliteDatabase(directory);
}
