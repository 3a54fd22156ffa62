using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Sonde.Configuration.Yaml;

namespace Sonde.Compatibility;

/// <summary>Writes values as YAML that reads back the same.</summary>
internal static partial class YamlText
{
    private const int MostColumns = 100;

    /// <summary>The text of a mapping.</summary>
    public static string Write(YamlMap root)
    {
        var text = new StringBuilder();
        WriteEntries(text, root, indent: 0);
        return text.ToString();
    }

    private static void WriteEntries(StringBuilder text, YamlMap map, int indent)
    {
        var isFirst = true;
        foreach (var entry in map.Entries)
        {
            // the first key of a mapping within a list stands behind its dash
            text.Append(' ', isFirst && text.Length > 0 && text[^1] == ' ' ? 0 : indent);
            isFirst = false;
            text.Append(Write(entry.Key)).Append(':');
            WriteValue(text, entry.Value, indent + 2);
        }
    }

    /// <summary>Writes what stands behind a key or a dash.</summary>
    private static void WriteValue(StringBuilder text, YamlNode node, int indent)
    {
        switch (node)
        {
            case YamlMap { Entries.IsEmpty: true }:
                text.Append(" {}\n");
                break;
            case YamlMap map:
                text.Append('\n');
                WriteEntries(text, map, indent);
                break;
            case YamlList list when WriteOnOneLine(list) is { } line && line.Length + indent <= MostColumns:
                text.Append(' ').Append(line).Append('\n');
                break;
            case YamlList list:
                text.Append('\n');
                foreach (var item in list.Items)
                {
                    WriteItem(text, item, indent);
                }
                break;
            default:
                text.Append(' ').Append(Write((YamlScalar)node)).Append('\n');
                break;
        }
    }

    private static void WriteItem(StringBuilder text, YamlNode item, int indent)
    {
        text.Append(' ', indent).Append('-');
        if (item is YamlMap { Entries.IsEmpty: false } map)
        {
            text.Append(' ');
            WriteEntries(text, map, indent + 2);
        }
        else
        {
            WriteValue(text, item, indent + 2);
        }
    }

    private static string? WriteOnOneLine(YamlList list) => list.Items.All(item => item is YamlScalar)
        ? $"[{string.Join(", ", list.Items.Select(item => Write((YamlScalar)item)))}]"
        : null;

    private static string Write(YamlScalar scalar)
    {
        if (scalar.IsNull)
        {
            return "null";
        }
        if (Plain().IsMatch(scalar.Text) && !new YamlScalar(scalar.Place, scalar.Text, isQuoted: false).IsNull)
        {
            return scalar.Text;
        }
        return scalar.Text.Any(IsInvisible)
            ? $"\"{string.Concat(scalar.Text.Select(Escape))}\""
            : $"'{scalar.Text.Replace("'", "''", StringComparison.Ordinal)}'";
    }

    private static string Escape(char c) => c switch
    {
        '"' or '\\' => $"\\{c}",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ when IsInvisible(c) => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
        _ => c.ToString(),
    };

    private static bool IsInvisible(char c) =>
        char.IsControl(c) || c is '\u2028' or '\u2029' or '\uFEFF' or '\uFFFE' or '\uFFFF';

    /// <summary>Texts that no reader of YAML takes for anything else, also within [ ].</summary>
    [GeneratedRegex(@"^[A-Za-z0-9_/.](?:[A-Za-z0-9_/.()+=@-]|:(?=[A-Za-z0-9_/.])| (?=[A-Za-z0-9_/.(]))*\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Plain();
}
