using System.CommandLine;
using System.Data.Common;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sonde.Samples;
using Sonde.Storage.Sql;
using Spectre.Console;

namespace Sonde.Cli;

/// <summary>What the verbs of <c>sonde store</c> have in common: options, exit codes, progress.</summary>
internal static class StoreVerb
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,   // for a terminal or jq, never for a page
    };

    /// <summary><c>--data DIR</c>.</summary>
    public static Option<string> DataOption() => new("--data")
    {
        HelpName = "DIR",
        Description = "The data directory",
        DefaultValueFactory = _ => "data",
    };

    /// <summary><c>--json</c>.</summary>
    public static Option<bool> JsonOption() => new("--json") { Description = "Print one JSON object" };

    /// <summary>One JSON object on one line.</summary>
    public static string ToJson(object value) => JsonSerializer.Serialize(value, Json);

    /// <summary>A size for people, for example <c>1.50 MB</c>.</summary>
    public static string Size(long bytes) => bytes switch
    {
        >= 1_000_000_000 => FormattableString.Invariant($"{bytes / 1e9:F2} GB"),
        >= 1_000_000 => FormattableString.Invariant($"{bytes / 1e6:F2} MB"),
        >= 10_000 => FormattableString.Invariant($"{bytes / 1e3:F0} KB"),
        _ => FormattableString.Invariant($"{bytes} bytes"),
    };

    /// <summary>Runs a verb and says in words why it could not be done.</summary>
    /// <param name="location">The store that it is about.</param>
    /// <param name="errors">Standard error.</param>
    /// <param name="whenTaken">What to say more when another process has the store.</param>
    /// <param name="run">The verb, given the store; gives its exit code.</param>
    public static int Run(string location, TextWriter errors, string? whenTaken, Func<IStoreDatabase, int> run)
    {
        try
        {
            using var database = StoreLocation.Open(location);
            return Explained(database, () => run(database));
        }
        catch (StoreRefusedException refused)
        {
            var isTaken = refused.Message.StartsWith("Another sonde process", StringComparison.Ordinal);
            errors.WriteLine(isTaken && whenTaken is not null ? $"{refused.Message} {whenTaken}" : refused.Message);
            return ExitCode.BadUsage;
        }
        catch (Exception error) when (error is DirectoryNotFoundException or FileNotFoundException)
        {
            errors.WriteLine(error.Message);
            return ExitCode.BadUsage;
        }
        catch (OperationCanceledException)
        {
            errors.WriteLine("Ended before it was done.");
            return ExitCode.Failed;
        }
        catch (Exception error) when (error is StoreUnavailableException or IOException or UnauthorizedAccessException)
        {
            errors.WriteLine(error.Message);
            return ExitCode.Failed;
        }
    }

    /// <summary>Does something with a store; a fault of its engine becomes a sentence.</summary>
    /// <exception cref="StoreUnavailableException">The sentence.</exception>
    public static T Explained<T>(IStoreDatabase database, Func<T> use)
    {
        try
        {
            return use();
        }
        catch (DbException fault)
        {
            throw database.Explain(fault);
        }
    }

    /// <summary>Opens a store that is there for writing: nobody else may have it.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    /// <exception cref="FileNotFoundException">There is no store in it.</exception>
    /// <exception cref="StoreRefusedException">Another process has it, or a newer version wrote it.</exception>
    public static StoreConnection OpenAlone(IStoreDatabase database)
    {
        database.ThrowIfNotThere();
        return database.OpenForWriting();
    }

    /// <summary>What to say when a verb needs the directory for itself and does not get it.</summary>
    public static string NeedsItAlone(string verb) =>
        $"Nothing was changed: 'sonde store {verb}' needs the store for itself. Stop 'sonde run' first, and start it "
        + "again afterwards.";

    /// <summary>Shows on a terminal how far some work is; nothing anywhere else.</summary>
    /// <param name="what">The work, for example <c>Verifying</c>.</param>
    /// <param name="work">Is given a callback for the share that is done, 0 to 1.</param>
    public static T WithProgress<T>(string what, Func<Action<double>, T> work)
    {
        if (Console.IsErrorRedirected)
        {
            return work(_ => { });
        }
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress().AutoClear(true).Start(progress =>
        {
            var task = progress.AddTask(what, maxValue: 1);
            return work(done => task.Value = done);
        });
    }

    /// <summary>The same for work that is counted.</summary>
    public static Action<int, int> Counted(Action<double> share) =>
        (done, all) => share(all == 0 ? 1 : done / (double)all);

    /// <summary>Lines of <c>name: value</c>, the values below each other.</summary>
    public static void Print(TextWriter output, IReadOnlyList<(string Name, string Value)> rows)
    {
        var width = rows.Max(row => row.Name.Length) + 2;
        foreach (var (name, value) in rows)
        {
            output.WriteLine($"{name}:".PadRight(width) + value);
        }
    }
}
