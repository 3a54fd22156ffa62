using System.CommandLine;
using System.Runtime.Versioning;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sonde.Compatibility;

namespace Sonde.Cli;

/// <summary>
/// <c>sonde import-config FILE…</c>: makes a sonde.yaml of other tools' files, and says what it could not carry over.
/// </summary>
internal static class ImportConfigCommand
{
    private const int MostFiles = 100;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,   // for a terminal or jq, never for a page
    };

    /// <summary>The verb for the command line.</summary>
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Files of blackbox_exporter, smokeping_prober, Gatus or Prometheus, target lists included",
            Arity = new ArgumentArity(1, MostFiles),
        };
        var output = new Option<string?>("-o", "--output")
        {
            HelpName = "FILE",
            Description = "Write the configuration to this file instead of standard output",
        };
        var force = new Option<bool>("--force") { Description = "Overwrite the file of -o" };
        var json = new Option<bool>("--json")
        {
            Description = "Print one JSON object with the configuration and what was not carried over",
        };
        var command = new Command("import-config", "Make a sonde.yaml of other tools' configurations")
        {
            files, output, force, json,
        };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(files),
            parsed.GetValue(output),
            parsed.GetValue(force),
            parsed.GetValue(json),
            parsed.InvocationConfiguration));
        return command;
    }

    private static int Run(
        string[] files, string? output, bool isForced, bool asJson, InvocationConfiguration streams)
    {
        var import = ConfigurationImport.Of(files);
        foreach (var line in import.Problems.Concat(import.Notes.Select(note => note.ToString())))
        {
            streams.Error.WriteLine(line);
        }
        var exitCode = import.Text is null ? ExitCode.BadUsage
            : output is null ? ExitCode.Done
            : Write(import.Text, output, isForced, files, streams.Error);
        if (asJson)
        {
            streams.Output.WriteLine(ToJson(import, output));
        }
        else if (output is null && import.Text is not null)
        {
            streams.Output.Write(import.Text);
        }
        return exitCode;
    }

    /// <summary>Writes a file that no more people may read than the files that it was made of.</summary>
    private static int Write(string text, string path, bool isForced, string[] sources, TextWriter errors)
    {
        try
        {
            var options = new FileStreamOptions
            {
                Mode = isForced ? FileMode.Create : FileMode.CreateNew,
                Access = FileAccess.Write,
            };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = ReadersOf(sources);
            }
            using var file = new StreamWriter(path, options);
            file.Write(text);
            return ExitCode.Done;
        }
        catch (IOException) when (!isForced && File.Exists(path))
        {
            errors.WriteLine($"{path}: is there already; --force overwrites it");
            return ExitCode.BadUsage;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            errors.WriteLine($"{path}: cannot be written: {error.Message}");
            return ExitCode.BadUsage;
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static UnixFileMode ReadersOf(string[] sources)
    {
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var mode = Owner | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        foreach (var source in sources)
        {
            mode &= Owner | File.GetUnixFileMode(source);
        }
        return mode;
    }

    private static string ToJson(ConfigurationImport import, string? output) => JsonSerializer.Serialize(
        new
        {
            Configuration = output is null ? import.Text : null,
            import.Problems,
            NotCarriedOver = import.Notes.Select(
                note => new { note.File, note.Place.Line, note.Place.Column, note.Message }),
        },
        Json);
}
