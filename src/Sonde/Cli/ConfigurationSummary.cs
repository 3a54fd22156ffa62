using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sonde.Configuration;
using Sonde.Targets;
using Spectre.Console;

namespace Sonde.Cli;

/// <summary>
/// What a configuration holds, in few words: its form, its keys, its targets by kind, the probes it asks for.
/// </summary>
internal static class ConfigurationSummary
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,   // for a terminal or jq, never for a page
    };

    /// <summary>One JSON object on one line; what is not known of a wrong file is null.</summary>
    public static string ToJson(ConfigurationReading reading) => JsonSerializer.Serialize(
        new
        {
            reading.File,
            IsCorrect = reading.Configuration is not null,
            Form = reading.Form.ToWord(),
            Keys = reading.TopLevelKeys,
            Targets = reading.Configuration?.Checks.Length,
            TargetsByKind = reading.Configuration is { } configuration ? CountByKind(configuration) : null,
            ProbesPerSecond = reading.Configuration is { } asked ? ProbesPerSecond(asked) : (double?)null,
            Storage = reading.Configuration is { } stored ? stored.Storage?.ToString() ?? "sqlite" : null,
            Problems = reading.Problems.Select(
                problem => new { problem.Place?.Line, problem.Place?.Column, problem.Message }),
        },
        Json);

    /// <summary>A table on a terminal, lines of <c>name: value</c> elsewhere.</summary>
    public static void Print(ConfigurationReading reading, TextWriter output)
    {
        if (output == Console.Out && !Console.IsOutputRedirected)
        {
            var table = new Table().Border(TableBorder.Rounded).HideHeaders().AddColumns("", "");
            foreach (var (name, value) in Rows(reading))
            {
                table.AddRow(new Text(name, new Style(decoration: Decoration.Bold)), new Text(value));
            }
            AnsiConsole.Write(table);
            return;
        }
        foreach (var (name, value) in Rows(reading))
        {
            output.WriteLine($"{name}: {value}");
        }
    }

    /// <summary>How many probes the configuration sends a second on average.</summary>
    public static double ProbesPerSecond(SondeConfiguration configuration) =>
        Math.Round(configuration.Checks.Sum(check => check.ProbesPerSecond), digits: 6);

    private static SortedDictionary<string, int> CountByKind(SondeConfiguration configuration) => new(
        configuration.Checks.GroupBy(check => check.Kind.ToWord()).ToDictionary(kind => kind.Key, kind => kind.Count()),
        StringComparer.Ordinal);

    private static IEnumerable<(string Name, string Value)> Rows(ConfigurationReading reading)
    {
        yield return ("file", reading.File);
        yield return ("form", FormInWords(reading.Form));
        yield return ("keys", string.Join(", ", reading.TopLevelKeys));
        if (reading.Configuration is not { } configuration)
        {
            yield break;
        }
        var kinds = CountByKind(configuration).Select(kind => $"{kind.Value} {kind.Key}");
        yield return ("targets", string.Create(
            CultureInfo.InvariantCulture, $"{configuration.Checks.Length} ({string.Join(", ", kinds)})"));
        yield return ("probes per second", ProbesPerSecond(configuration).ToString(CultureInfo.InvariantCulture));
        if (configuration.Storage is { } storage)
        {
            yield return ("storage", storage.ToString());
        }
    }

    private static string FormInWords(ConfigurationForm form) => form switch
    {
        ConfigurationForm.Plain or ConfigurationForm.Full => form.ToWord(),
        _ => $"another tool's: {form.ToWord()}",
    };
}
