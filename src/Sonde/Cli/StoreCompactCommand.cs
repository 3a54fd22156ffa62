using System.CommandLine;
using Sonde.Samples;
using Sonde.Storage.Sql;
using Sonde.Storage.Sqlite;

namespace Sonde.Cli;

/// <summary><c>sonde store compact</c>: full blocks instead of small ones, and a file without gaps.</summary>
internal static class StoreCompactCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var data = StoreVerb.DataOption();
        var json = StoreVerb.JsonOption();
        var command = new Command("compact", "Join small blocks and write the file anew without gaps") { data, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            var directory = parsed.GetRequiredValue(data);
            var errors = parsed.InvocationConfiguration.Error;
            return Task.FromResult(StoreVerb.Run(directory, errors, StoreVerb.NeedsItAlone("compact"), database =>
            {
                StoreLocation.Directory(directory, "the server does so by itself (VACUUM)");
                database.ThrowIfNotThere();
                var before = FileBytes(directory);
                var joined = Compact(database, directory, cancellationToken);
                var after = FileBytes(directory);
                parsed.InvocationConfiguration.Output.WriteLine(parsed.GetValue(json)
                    ? StoreVerb.ToJson(new { BytesBefore = before, BytesAfter = after, JoinedBlocks = joined })
                    : $"Compacted: {StoreVerb.Size(before)} before, {StoreVerb.Size(after)} now; "
                        + $"{Counted.Of(joined, "block")} joined to neighbours.");
                return ExitCode.Done;
            }));
        });
        return command;
    }

    private static long Compact(IStoreDatabase database, string directory, CancellationToken cancellationToken)
    {
        SealAll(database);
        using var connection = database.OpenForWriting();   // holds the directory until the file is in its place
        SqliteRewrite.RemoveRest(directory);
        SqliteRewrite.ThrowIfNoRoom(connection, directory);
        var joined = StoreVerb.WithProgress("Joining blocks", share =>
        {
            using var compaction = new Compaction(connection);
            compaction.Run(StoreVerb.Counted(share), cancellationToken);
            return compaction.Joined;
        });
        StoreVerb.WithProgress("Writing the file anew", share =>
        {
            SqliteRewrite.Run(connection, directory);
            share(1);
            return true;
        });
        return joined;
    }

    // What waits in the journal for more samples of its series takes several times the room.
    private static void SealAll(IStoreDatabase database)
    {
        using var session = StoreSession.Open(database, new SeriesCatalog(), TimeProvider.System, _ => { });
        while (session.Samples.SealIdle(long.MaxValue))
        {
        }
    }

    private static long FileBytes(string directory)
    {
        var path = Path.Combine(directory, SqliteFile.Name);
        return new FileInfo(path).Length + (new FileInfo(path + "-wal") is { Exists: true } log ? log.Length : 0);
    }
}
