using System.Net.Sockets;
using Npgsql;
using Sonde.Samples;

namespace Sonde.Storage.Postgres;

/// <summary>
/// Says in a sentence what PostgreSQL cannot do and what to do about it (PostgreSQL's documentation, "Error Codes").
/// </summary>
internal static class PostgresFault
{
    /// <summary>The exception to throw for a fault of the server, or of the way to it.</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="shown">The database's address without its password.</param>
    public static StoreUnavailableException Explain(NpgsqlException fault, string shown) =>
        new(Sentence(fault, shown), fault);

    /// <summary>True when the connection goes on and what the session knows is still so.</summary>
    public static bool IsPassing(NpgsqlException fault) => fault is PostgresException
    {
        SqlState: PostgresErrorCodes.DiskFull or PostgresErrorCodes.OutOfMemory
            or PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled
            or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure,
    };

    private static string Sentence(NpgsqlException fault, string shown)
    {
        if (Said(fault) is { } told)
        {
            return Sentence(told, shown);
        }
        if (fault.Message.StartsWith("No password has been provided", StringComparison.Ordinal))
        {
            return $"{shown} wants a password: write it into 'storage', or into PGPASSWORD or ~/.pgpass of the user "
                + "who runs Sonde.";
        }
        return $"{shown} cannot be reached ({Reason(fault)}): start the server, or correct host and port in 'storage'.";
    }

    private static string Sentence(PostgresException told, string shown) => told.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword =>
            $"{shown} refuses the password: correct it in 'storage', or set it with ALTER ROLE … PASSWORD.",
        PostgresErrorCodes.InvalidAuthorizationSpecification =>
            $"{shown} lets this user not in ({told.MessageText}): make the role with CREATE ROLE … LOGIN, and let it "
            + "in from this machine in pg_hba.conf.",
        PostgresErrorCodes.InvalidCatalogName =>
            $"{shown} names a database that is not there: make it with createdb.",
        PostgresErrorCodes.InsufficientPrivilege =>
            $"{shown} permits this user too little ({told.MessageText}): give the database to it with ALTER DATABASE "
            + "… OWNER TO.",
        PostgresErrorCodes.DiskFull => $"The disk of {shown} is full: free some space there.",
        PostgresErrorCodes.OutOfMemory => $"The server of {shown} is out of memory.",
        PostgresErrorCodes.TooManyConnections =>
            $"{shown} has too many connections: raise max_connections there, or end some.",
        PostgresErrorCodes.CannotConnectNow => $"{shown} is starting up or shutting down: wait until it is up.",
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown =>
            $"{shown} ended the connection ({told.MessageText}).",
        PostgresErrorCodes.ReadOnlySqlTransaction =>
            $"{shown} takes no writes, as a standby does: name the primary in 'storage', or all servers with commas "
            + "between.",
        PostgresErrorCodes.LockNotAvailable =>
            $"{shown} is held up by another session's lock: end what works on the tables of Sonde.",
        PostgresErrorCodes.QueryCanceled => $"{shown} took too long ({told.MessageText}).",
        _ => $"{shown} cannot be used: {told.MessageText} ({told.SqlState})",
    };

    // of several hosts the first that was heard of says most
    private static PostgresException? Said(Exception? fault) => fault switch
    {
        PostgresException told => told,
        AggregateException several => several.InnerExceptions.Select(Said).FirstOrDefault(told => told is not null),
        null => null,
        _ => Said(fault.InnerException),
    };

    private static string Reason(Exception fault) => fault switch
    {
        AggregateException several => string.Join("; ", several.InnerExceptions.Select(Reason).Distinct()),
        SocketException socket => socket.Message.TrimEnd('.'),
        TimeoutException => "no answer in time",
        { InnerException: { } inner } => Reason(inner),
        _ => fault.Message.TrimEnd('.'),
    };
}
