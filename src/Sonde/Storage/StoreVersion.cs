using Sonde.Storage.Sqlite;

namespace Sonde.Storage;

/// <summary>The version of the stores that this program writes.</summary>
internal static class StoreVersion
{
    /// <summary>It stands in every store.</summary>
    public const int Current = SqliteSchema.Version;
}
