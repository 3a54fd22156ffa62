using System.CommandLine;
using System.Data.Common;
using Sonde.Samples;
using Sonde.Storage.Sql;

namespace Sonde.Cli;

/// <summary><c>sonde store migrate</c>: copies a whole store into another one, and compares both.</summary>
internal static class StoreMigrateCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var from = new Option<string>("--from")
        {
            HelpName = "STORE",
            Description = "The store to copy: a data directory, or postgres://…",
            DefaultValueFactory = _ => "data",
        };
        var to = new Option<string>("--to")
        {
            HelpName = "STORE",
            Description = "Where to copy it: another data directory, or postgres://…",
            Required = true,
        };
        var json = StoreVerb.JsonOption();
        var command = new Command("migrate", "Copy a store into another one, and compare both") { from, to, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            var errors = parsed.InvocationConfiguration.Error;
            var (source, target) = (parsed.GetRequiredValue(from), parsed.GetRequiredValue(to));
            return Task.FromResult(StoreVerb.Run(source, errors, StoreVerb.NeedsItAlone("migrate"), database =>
            {
                using var other = StoreLocation.Open(target);
                using var reading = StoreVerb.OpenAlone(database);
                var differences = Explained(other, () => Copy(reading, other, cancellationToken));
                foreach (var difference in differences)
                {
                    errors.WriteLine(difference);
                }
                var series = reading.Number("SELECT COUNT(*) FROM series");
                var blocks = reading.Number("SELECT COUNT(*) FROM block");
                parsed.InvocationConfiguration.Output.WriteLine(parsed.GetValue(json)
                    ? StoreVerb.ToJson(new { Series = series, Blocks = blocks, Differences = differences })
                    : differences.Count > 0
                    ? $"The copy differs in {Counted.Of(differences.Count, "place")}: do not use it."
                    : $"Copied and compared: {series} series, {Counted.Of(blocks, "block")}. "
                        + "The old store is as it was.");
                return differences.Count == 0 ? ExitCode.Done : ExitCode.Failed;
            }));
        });
        return command;
    }

    private static List<string> Copy(StoreConnection from, IStoreDatabase to, CancellationToken cancellationToken)
    {
        using var writing = to.OpenForWriting();
        var copy = new StoreCopy(from, writing);
        StoreVerb.WithProgress("Copying", share =>
        {
            copy.Run(StoreVerb.Counted(share), cancellationToken);
            return true;
        });
        return StoreVerb.WithProgress(
            "Comparing", share => copy.Compare(StoreVerb.Counted(share), cancellationToken).ToList());
    }

    // A fault of the old store is explained as its own; this is for those of the new one.
    private static List<string> Explained(IStoreDatabase other, Func<List<string>> copy)
    {
        try
        {
            return copy();
        }
        catch (DbException fault)
        {
            throw new StoreUnavailableException(
                $"The copying was broken off; the same command goes on. {other.Explain(fault).Message}", fault);
        }
    }
}
