using System.Data.Common;
using Npgsql;

namespace Sonde.Storage.Postgres;

/// <summary>Makes connections with the settings that the store's promises rest on (docs/store.md).</summary>
internal static class PostgresSource
{
    // Options of each session, whatever the role or the database says otherwise. The server notices within 25 s that
    // this machine is gone, and gives up what it held.
    private const string SessionOptions =
        "-c lock_timeout=10s -c statement_timeout=0 -c idle_session_timeout=0 -c default_transaction_read_only=off "
        + "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3";

    /// <summary>The source of connections, each to the server that is the primary.</summary>
    /// <param name="connectionString">What the configuration says; it may leave out all but host and database.</param>
    public static NpgsqlDataSource Make(string connectionString)
    {
        var asked = new NpgsqlConnectionStringBuilder(connectionString);
        asked.ApplicationName ??= "sonde";
        if (!new DbConnectionStringBuilder { ConnectionString = connectionString }.ContainsKey("Timeout"))
        {
            asked.Timeout = 5;
        }
        asked.SearchPath = PostgresSchema.Name;
        asked.Options = SessionOptions;
        // A connection that is given up is closed: the writer's lock must end with it.
        asked.Pooling = false;
        // The server may be long in answering; it must not be asked to break off a commit, which it might then say to
        // be done without a standby having it.
        asked.CommandTimeout = 15;
        asked.CancellationTimeout = -1;
        asked.GssEncryptionMode = GssEncryptionMode.Disable;
        asked.MaxAutoPrepare = 100;
        asked.AutoPrepareMinUsages = 2;
        asked.HostRecheckSeconds = 1;
        var builder = new NpgsqlDataSourceBuilder(asked.ConnectionString);
        return asked.Host!.Contains(',', StringComparison.Ordinal)
            ? builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.Primary)
            : builder.Build();
    }
}
