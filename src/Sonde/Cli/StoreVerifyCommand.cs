using System.CommandLine;
using Sonde.Storage.Sql;

namespace Sonde.Cli;

/// <summary><c>sonde store verify</c>: reads everything and says what is damaged, also beside a run.</summary>
internal static class StoreVerifyCommand
{
    // Whoever has more damage than this learns nothing from more lines.
    private const int MostLines = 1_000;

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var data = StoreVerb.DataOption();
        var json = StoreVerb.JsonOption();
        var command = new Command("verify", "Read everything in a store and say what is damaged") { data, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            var errors = parsed.InvocationConfiguration.Error;
            return Task.FromResult(StoreVerb.Run(parsed.GetRequiredValue(data), errors, whenTaken: null, database =>
            {
                var damages = new List<string>();
                var checkup = StoreVerb.WithProgress("Verifying", share =>
                {
                    var run = new StoreCheckup(database, Add, StoreVerb.Counted(share));
                    run.Run(cancellationToken);
                    return run;
                });
                Tell(checkup, damages, parsed.GetValue(json), parsed.InvocationConfiguration.Output, errors);
                return checkup.Damages == 0 ? ExitCode.Done : ExitCode.Failed;

                void Add(string damage)
                {
                    if (damages.Count < MostLines)
                    {
                        damages.Add(damage);
                    }
                }
            }));
        });
        return command;
    }

    private static void Tell(
        StoreCheckup checkup, List<string> damages, bool asJson, TextWriter output, TextWriter errors)
    {
        if (asJson)
        {
            output.WriteLine(StoreVerb.ToJson(new
            {
                IsSound = checkup.Damages == 0,
                checkup.Damages,
                checkup.Blocks,
                checkup.Samples,
                checkup.Days,
                checkup.JournalRows,
                Found = damages,
            }));
            return;
        }
        foreach (var damage in damages)
        {
            errors.WriteLine(damage);
        }
        if (checkup.Damages > damages.Count)
        {
            errors.WriteLine($"… and {checkup.Damages - damages.Count} more.");
        }
        var read = $"{Counted.Of(checkup.Blocks, "block")} with {Counted.Of(checkup.Samples, "sample")}, "
            + $"{Counted.Of(checkup.Days, "day")}, {Counted.Of(checkup.JournalRows, "row")} of the journal";
        output.WriteLine(checkup.Damages == 0
            ? $"The store is sound: {read}."
            : $"The store is damaged in {Counted.Of(checkup.Damages, "place")}; the rest is readable: {read}.");
    }
}
