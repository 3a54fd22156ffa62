using System.CommandLine;
using Sonde.Storage.Sql;

namespace Sonde.Cli;

/// <summary><c>sonde store forget ID</c>: deletes a check with all that was stored of it.</summary>
internal static class StoreForgetCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var id = new Argument<string>("ID")
        {
            Description = "The check's id, as 'sonde store info --checks' prints it",
        };
        var data = StoreVerb.DataOption();
        var json = StoreVerb.JsonOption();
        var command = new Command("forget", "Delete a check with all its samples, for good") { id, data, json };
        command.SetAction(parsed =>
        {
            var errors = parsed.InvocationConfiguration.Error;
            return StoreVerb.Run(parsed.GetRequiredValue(data), errors, StoreVerb.NeedsItAlone("forget"), database =>
            {
                using var connection = StoreVerb.OpenAlone(database);
                var name = parsed.GetRequiredValue(id);
                if (Forgetting.Forget(connection, name) is not { } gone)
                {
                    errors.WriteLine(
                        $"There is no check with the id '{name}' in the store: "
                        + "'sonde store info --checks' lists them.");
                    return ExitCode.BadUsage;
                }
                parsed.InvocationConfiguration.Output.WriteLine(parsed.GetValue(json)
                    ? StoreVerb.ToJson(gone)
                    : $"Deleted {gone.Id}: {gone.Series} series, {Counted.Of(gone.Samples, "sample")}, "
                        + $"{Counted.Of(gone.Summaries, "block")}, {StoreVerb.Size(gone.Bytes)} of packed samples; "
                        + $"the store is {StoreVerb.Size(gone.FreedBytes)} smaller.");
                return ExitCode.Done;
            });
        });
        return command;
    }
}
