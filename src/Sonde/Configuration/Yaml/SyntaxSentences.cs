using System.Text.RegularExpressions;

namespace Sonde.Configuration.Yaml;

/// <summary>
/// Says in plain words what the YAML scanner could not read. Never repeats the text: it may hold a secret.
/// </summary>
internal static partial class SyntaxSentences
{
    private static readonly (string Sign, string Sentence)[] Sentences =
    [
        ("quoted scalar, found unexpected", "the quotation mark that opens here is never closed"),
        ("unknown escape", "after \\ in double quotes stands no known escape; single quotes take every \\ as it is"),
        ("hexadecimal", "\\x, \\u and \\U in double quotes want 2, 4 and 8 hexadecimal digits"),
        ("invalid mapping",
            "this ':' may not stand here: put the value in quotes if it holds ': ', or mend the indentation"),
        ("cannot start any token", "a value that begins with this character must be put in quotes"),
        ("could not find expected ':'", "this line lacks the ':' between key and value"),
        ("Block sequence entries are not allowed",
            "a list cannot begin on the line of its key: put '- ' on the next line"),
        ("Mapping keys are not allowed", "a key may not stand here: mend the indentation"),
        ("mapping values are not allowed", "this ':' may not stand here: mend the indentation"),
        ("expected node content", "a value was expected here, and a bracket or comma stands there"),
        ("expected '-' indicator",
            "a further entry '- ' was expected here: mend the indentation or put the value in quotes"),
        ("did not find expected key", "a key was expected here: mend the indentation or put the value in quotes"),
        ("document end", "the text should have ended here: mend the indentation, it differs from the first line's"),
        ("directive", "lines that begin with % are not used here"),
        ("YAML document", "lines that begin with % are not used here"),
        ("tag", "tags (words that begin with !) are not used here: put the value in quotes"),
        ("anchor", "an anchor (&) or alias (*) lacks its name: put the value in quotes if it is a text"),
        ("alias", "an anchor (&) or alias (*) lacks its name: put the value in quotes if it is a text"),
        ("block scalar", "the block that | or > opened is not indented as it must be"),
    ];

    /// <summary>The sentence for a message of the scanner.</summary>
    /// <param name="scannerMessage">What the scanner said.</param>
    /// <param name="line">The line where it stopped.</param>
    /// <param name="isInList">True when the innermost open bracket is a [, false when it is a {.</param>
    public static string For(string scannerMessage, ReadOnlySpan<char> line, bool? isInList)
    {
        if (BareAddressInBrackets().IsMatch(line))
        {
            return "an IPv6 address in brackets must be put in quotes: \"[2001:db8::1]:443\"";
        }
        if (scannerMessage.Contains("',' or ", StringComparison.Ordinal))
        {
            return isInList switch
            {
                true => "the list that [ opened lacks a comma or its ]",
                false => "the mapping that { opened lacks a comma or its }",
                null => "a [ or { before this lacks a comma or its end",
            };
        }
        foreach (var (sign, sentence) in Sentences)
        {
            if (scannerMessage.Contains(sign, StringComparison.OrdinalIgnoreCase))
            {
                return sentence;
            }
        }
        return "this is not YAML";
    }

    /// <summary>The sentence for a bracket that is open where the text ends.</summary>
    public static string NeverClosed(bool isList) =>
        isList ? "the list that [ opens here is never closed" : "the mapping that { opens here is never closed";

    /// <summary>Notes each line whose indentation holds a tab.</summary>
    /// <returns>True when there was one.</returns>
    public static bool NoteTabs(TextLines lines, ProblemList problems)
    {
        var found = false;
        for (var number = 1; number <= lines.Count; number++)
        {
            var line = lines[number];
            var content = line.IndexOfAnyExcept(' ', '\t');
            var tab = line.IndexOf('\t');
            if (content > tab && tab >= 0 && line[content] != '#')
            {
                problems.Add(new Place(number, tab + 1), "a tab stands in the indentation; YAML wants spaces there");
                found = true;
            }
        }
        return found;
    }

    [GeneratedRegex(@"^[^'""]*[\s:\-,\[]\[[0-9a-fA-F:.%]*:[0-9a-fA-F:.%]*\]:\d", RegexOptions.CultureInvariant)]
    private static partial Regex BareAddressInBrackets();
}
