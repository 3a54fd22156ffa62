using System.Data.Common;
using Microsoft.Data.Sqlite;
using Sonde.Measurement.Files;
using Sonde.Samples;
using Sonde.Storage.Sql;

namespace Sonde.Storage.Sqlite;

/// <summary>The file <c>sonde.db</c> in a data directory, which one process at a time may write.</summary>
internal sealed class SqliteDatabase(string directory) : IStoreDatabase
{
    private readonly string _path = Path.Combine(directory, SqliteFile.Name);
    private StoreDirectory? _directory;
    private FileIdentity? _identity;

    /// <inheritdoc/>
    public bool IsRemote => false;

    /// <inheritdoc/>
    public bool IsInPlace => _directory is { IsInPlace: true } or null
        && (_identity is null || FileIdentity.Of(_path) == _identity);

    /// <inheritdoc/>
    public StoreConnection OpenForWriting()
    {
        _directory ??= StoreDirectory.Take(directory);
        var connection = SqliteFile.OpenForWriting(_path);
        _identity = FileIdentity.Of(_path);
        return new StoreConnection(connection, SqliteDialect.Instance);
    }

    /// <inheritdoc/>
    public StoreConnection OpenForReading()
    {
        ThrowIfNotThere();
        var connection = SqliteFile.OpenForReading(_path);
        try
        {
            return SqliteSchema.Check(connection, _path) switch
            {
                0 => throw new FileNotFoundException($"The store in {directory} is empty."),
                SqliteSchema.Version => new StoreConnection(connection, SqliteDialect.Instance),
                var older => throw new StoreRefusedException(
                    $"{_path} was written by an older sonde (store version {older}): 'sonde run' or 'sonde store "
                    + $"compact --data {directory}' brings it to version {SqliteSchema.Version}."),
            };
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public string LetGo()
    {
        Dispose();
        return $"The data directory {directory}, or the store in it, was removed, moved or replaced while it was in "
            + "use: put it back, or a new store is begun there.";
    }

    /// <inheritdoc/>
    public StoreUnavailableException Explain(DbException fault) => SqliteFault.Explain((SqliteException)fault, _path);

    /// <inheritdoc/>
    public bool IsPassing(DbException fault) => SqliteFault.IsPassing((SqliteException)fault);

    /// <inheritdoc/>
    public void Dispose()
    {
        _directory?.Dispose();
        (_directory, _identity) = (null, null);
    }

    /// <inheritdoc/>
    public void ThrowIfNotThere()
    {
        if (File.Exists(directory))
        {
            throw new DirectoryNotFoundException(
                $"{directory} is a file, not a directory: name the data directory with --data DIR.");
        }
        try
        {
            File.GetAttributes(_path);
        }
        catch (IOException error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Directory.Exists(directory)
                ? new FileNotFoundException(
                    $"There is no store in {directory}: 'sonde run' has not stored anything there.")
                : new DirectoryNotFoundException(
                    $"There is no directory {directory}: name the data directory with --data DIR.");
        }
        catch (UnauthorizedAccessException error)
        {
            throw new StoreUnavailableException(
                $"This user has no permission to look into {directory}: run it as the user of 'sonde run', or as root.",
                error);
        }
    }
}
