using System.Text;
using Sonde.Configuration.Yaml;

namespace Sonde.Configuration;

/// <summary>
/// Where values come from that do not stand in the text itself: <c>${NAME}</c> and <c>{file: path}</c>.
/// </summary>
/// <param name="directory">Paths are relative to it: the directory of sonde.yaml.</param>
/// <param name="environment">The value of a variable; null when it is not set.</param>
/// <remarks>Only a file on disk may use them: a pasted text could read any secret of this machine by them.</remarks>
internal sealed class TextSources(string directory, Func<string, string?> environment)
{
    private const int LeastMostBytes = 10_000;
    private const string Opening = "${";

    /// <summary>Paths are relative to this directory.</summary>
    public string Directory => directory;

    /// <summary>True when the text names a variable, or escapes one.</summary>
    public static bool HasVariable(string text) => text.Contains(Opening, StringComparison.Ordinal);

    /// <summary>
    /// Puts the values of variables in: <c>${NAME}</c>, <c>${NAME:-default}</c>; <c>$${</c> becomes <c>${</c>.
    /// </summary>
    /// <param name="raw">The text as written.</param>
    /// <param name="text">The text with its values; empty when something is wrong.</param>
    /// <param name="encode">Makes of a value what stands in the text; null = the value itself.</param>
    /// <returns>Null, or what is wrong, without any value.</returns>
    public string? Expand(string raw, out string text, Func<string, string>? encode = null)
    {
        text = "";
        var expanded = new StringBuilder();
        var from = 0;
        for (int at; (at = raw.IndexOf(Opening, from, StringComparison.Ordinal)) >= 0;)
        {
            if (at > from && raw[at - 1] == '$')
            {
                expanded.Append(raw, from, at - from - 1).Append(Opening);
                from = at + Opening.Length;
                continue;
            }
            var end = raw.IndexOf('}', at);
            if (end < 0)
            {
                return "the variable that ${ opens lacks its }; write $${ for the characters themselves";
            }
            expanded.Append(raw, from, at - from);
            if (Append(raw[(at + Opening.Length)..end], expanded, encode) is { } problem)
            {
                return problem;
            }
            from = end + 1;
        }
        text = expanded.Append(raw, from, raw.Length - from).ToString();
        return text.Length <= YamlTree.MostCharacters
            ? null
            : $"with its variables this value exceeds {YamlTree.MostCharacters} characters";
    }

    /// <summary>Reads a secret from its file; white space around it is left out.</summary>
    /// <param name="path">The file, absolute or relative to the directory.</param>
    /// <param name="longest">The longest text that is of use; a file much larger is not read.</param>
    /// <param name="secret">What the file holds; empty when something is wrong.</param>
    /// <returns>Null, or what is wrong, without the secret.</returns>
    public string? ReadFile(string path, int longest, out string secret)
    {
        secret = "";
        var content = FileContent.Read(Path.Combine(directory, path), Math.Max(longest, LeastMostBytes));
        if (content.Text is null)
        {
            return $"the file {Quoted.Text(path)} {content.Fault}";
        }
        secret = content.Text.Trim();
        return secret.Length > 0 ? null : $"the file {Quoted.Text(path)} is empty";
    }

    private string? Append(string variable, StringBuilder expanded, Func<string, string>? encode)
    {
        var separator = variable.IndexOf(":-", StringComparison.Ordinal);
        var name = separator < 0 ? variable : variable[..separator];
        if (name.Length == 0 || char.IsAsciiDigit(name[0]) || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '_'))
        {
            return "a variable is written ${NAME} or ${NAME:-default}, its name of letters, digits and _; "
                + "write $${ for the characters themselves";
        }
        var value = environment(name);
        if (string.IsNullOrEmpty(value))
        {
            if (separator < 0)
            {
                return $"the environment variable {name} is not set, and no default is given as ${{{name}:-default}}";
            }
            value = variable[(separator + 2)..];
        }
        expanded.Append(encode is null ? value : encode(value));
        return null;
    }
}
