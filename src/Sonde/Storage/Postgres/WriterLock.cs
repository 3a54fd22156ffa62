using System.Globalization;
using Npgsql;
using Sonde.Samples;

namespace Sonde.Storage.Postgres;

/// <summary>
/// The sole right to write a database: an advisory lock that its session holds, and that ends with the session however
/// that ends.
/// </summary>
/// <remarks>
/// Writing goes over the very connection that holds the lock, so whoever has lost the lock has lost the means to write
/// (PostgreSQL's documentation, "Advisory Locks").
/// </remarks>
internal static class WriterLock
{
    // "SOND" and the writer's number: two integers, which nobody else uses by chance
    private const int Program = 0x534F_4E44;
    private const int Writer = 1;

    /// <summary>
    /// How long a start waits for it: the session of a run that was just killed ends within moments.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Takes it, at once or within <see cref="Patience"/>.</summary>
    /// <param name="connection">The session that will hold it.</param>
    /// <param name="shown">The database, for messages.</param>
    /// <param name="isFirst">
    /// True at a start: who has it then is another run, to be waited for briefly. False when it was lost: it may be our
    /// own former session, which the server has not given up yet.
    /// </param>
    /// <exception cref="StoreRefusedException">At a start: another session has it.</exception>
    /// <exception cref="StoreUnavailableException">Later: another session has it.</exception>
    public static void Take(NpgsqlConnection connection, string shown, bool isFirst)
    {
        if (isFirst ? TryWait(connection) : TryTake(connection))
        {
            return;
        }
        var holder = FindHolder(connection);
        throw isFirst
            ? new StoreRefusedException(
                $"Another sonde process writes {shown}{holder}: end that one, or give this one a database of its own.")
            : new StoreUnavailableException(
                $"Another session still writes {shown}{holder}: if it is this process's former one, the server ends it "
                + "by itself; else end the other sonde process.");
    }

    private static bool TryWait(NpgsqlConnection connection)
    {
        try
        {
            Execute(connection, FormattableString.Invariant($"SET lock_timeout = {Patience.TotalMilliseconds}"));
            Execute(connection, FormattableString.Invariant($"SELECT pg_advisory_lock({Program}, {Writer})"));
            return true;
        }
        catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return false;
        }
        finally
        {
            if (connection.State == System.Data.ConnectionState.Open)
            {
                Execute(connection, "RESET lock_timeout");
            }
        }
    }

    private static bool TryTake(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand(
            FormattableString.Invariant($"SELECT pg_try_advisory_lock({Program}, {Writer})"), connection);
        return (bool)command.ExecuteScalar()!;
    }

    // What the server says of the session that has it; nothing when it just ended.
    private static string FindHolder(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand(
            FormattableString.Invariant(
                $"""
                SELECT host(client_addr), backend_start FROM pg_stat_activity JOIN pg_locks USING (pid)
                WHERE locktype = 'advisory' AND granted AND classid = {Program} AND objid = {Writer}
                  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                """),
            connection);
        using var rows = command.ExecuteReader();
        if (!rows.Read() || rows.IsDBNull(1))
        {
            return "";
        }
        var since = rows.GetFieldValue<DateTime>(1).ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return rows.IsDBNull(0) ? $" (since {since})" : $" (from {rows.GetString(0)}, since {since})";
    }

    private static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
