using System.CommandLine;
using Microsoft.Data.Sqlite;
using Sonde.Samples;
using Sonde.Storage.Sqlite;

namespace Sonde.Cli;

/// <summary><c>sonde store backup</c>: a copy of the store as it is at one moment, also beside a run.</summary>
internal static class StoreBackupCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var to = new Argument<string>("TO")
        {
            Description = "A file to make, or a directory, which gets the copy as sonde.db",
        };
        var data = StoreVerb.DataOption();
        var json = StoreVerb.JsonOption();
        var command = new Command("backup", "Copy a store as it is now, also while 'sonde run' writes it")
        {
            to, data, json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var location = parsed.GetRequiredValue(data);
            var errors = parsed.InvocationConfiguration.Error;
            return Task.FromResult(StoreVerb.Run(location, errors, whenTaken: null, database =>
            {
                StoreLocation.Directory(location, "use pg_dump");
                var named = parsed.GetRequiredValue(to);
                if (named.Length == 0 || Path.GetDirectoryName(Path.GetFullPath(named)) is { } parent
                    && !named.EndsWith('/') && !Directory.Exists(parent))
                {
                    errors.WriteLine(named.Length == 0
                        ? "Name the file, or the directory with a / at its end, that the copy goes to."
                        : $"There is no directory for {named}: make it first, or name another place.");
                    return ExitCode.BadUsage;
                }
                var file = FileOf(named);
                if (File.Exists(file))
                {
                    errors.WriteLine($"{file} is there already: name another, or delete it first.");
                    return ExitCode.BadUsage;
                }
                using var source = database.OpenForReading();
                try
                {
                    StoreVerb.WithProgress("Copying", share =>
                    {
                        SqliteBackup.Run(source, file, share, cancellationToken);
                        return true;
                    });
                }
                catch (SqliteException fault)
                {
                    throw new StoreUnavailableException(
                        $"{location} could not be copied to {file}: {fault.Message.TrimEnd('.')}.", fault);
                }
                var bytes = new FileInfo(file).Length;
                parsed.InvocationConfiguration.Output.WriteLine(parsed.GetValue(json)
                    ? StoreVerb.ToJson(new { File = file, Bytes = bytes })
                    : $"Copied to {file}: {StoreVerb.Size(bytes)}. 'sonde store verify' checks it block by block.");
                return ExitCode.Done;
            }));
        });
        return command;
    }

    private static string FileOf(string to)
    {
        if (!Directory.Exists(to) && !to.EndsWith('/'))
        {
            return to;
        }
        Directory.CreateDirectory(to);
        return Path.Combine(to, SqliteFile.Name);
    }
}
