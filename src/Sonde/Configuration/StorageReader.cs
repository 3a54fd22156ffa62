using Sonde.Configuration.Yaml;

namespace Sonde.Configuration;

/// <summary>Reads <c>storage</c>: which PostgreSQL database keeps the samples.</summary>
internal static class StorageReader
{
    private const int Longest = 4000;

    /// <summary>The database; null when there is none, or something is wrong, which is noted without the address.
    /// </summary>
    public static StorageConfiguration? Read(Settings settings)
    {
        if (!settings.Has("storage"))
        {
            return null;
        }
        if (settings.Sources is not { } sources)
        {
            settings.Problems.Add(
                settings.PlaceOf("storage"),
                "'storage' comes only from a configuration on disk, never from a pasted one");
            return null;
        }
        if (ReadText(settings, sources) is not { } text)
        {
            return null;
        }
        if (StorageAddress.Parse(text, sources.Directory, out var storage) is { } problem)
        {
            settings.Problems.Add(settings.PlaceOf("storage"), $"'storage' {problem}");
        }
        return storage;
    }

    private static string? ReadText(Settings settings, TextSources sources)
    {
        var scalar = settings.Value("storage") as YamlScalar;
        if (scalar is null or { IsNull: true } || !TextSources.HasVariable(scalar.Text))
        {
            return settings.Secret("storage", Longest);
        }
        var problem = Expand(scalar.Text, sources, out var text);
        if (problem is not null)
        {
            settings.Problems.Add(scalar.Place, problem);
            return null;
        }
        return text;
    }

    // A password in a variable is taken as it is: whoever sets the variable need not know of URLs.
    private static string? Expand(string raw, TextSources sources, out string text)
    {
        var user = raw.IndexOf("://", StringComparison.Ordinal) + "://".Length;
        var query = raw.IndexOf('?', StringComparison.Ordinal);
        var at = raw.LastIndexOf('@', (query < 0 ? raw.Length : query) - 1);
        if (at < user)
        {
            return sources.Expand(raw, out text);
        }
        text = "";
        if (sources.Expand(raw[..at], out var before, Uri.EscapeDataString) is { } wrongBefore)
        {
            return wrongBefore;
        }
        if (sources.Expand(raw[at..], out var behind) is { } wrongBehind)
        {
            return wrongBehind;
        }
        text = before + behind;
        return null;
    }
}
