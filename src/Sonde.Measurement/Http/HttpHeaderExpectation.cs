using System.Text.RegularExpressions;
using Sonde.Measurement.Text;

namespace Sonde.Measurement.Http;

/// <summary>What a header of the answer must or must not match.</summary>
public sealed class HttpHeaderExpectation
{
    private readonly Regex _pattern;

    /// <summary>Expects something of a header.</summary>
    /// <param name="name">The header, in any case.</param>
    /// <param name="pattern">A .NET regular expression without look-arounds and back-references.</param>
    /// <param name="mustMatch">True: one of the header's values must match. False: none may.</param>
    /// <param name="allowsMissing">Whether the header may be missing; default false.</param>
    /// <exception cref="ArgumentException">The name or the pattern is wrong.</exception>
    public HttpHeaderExpectation(string name, string pattern, bool mustMatch, bool allowsMissing = false)
    {
        HeaderRules.CheckName(name);
        Name = name;
        Pattern = pattern;
        MustMatch = mustMatch;
        AllowsMissing = allowsMissing;
        _pattern = LinearPattern.Compile(pattern, HttpExpectations.MatchTimeout);
    }

    /// <summary>The header.</summary>
    public string Name { get; }

    /// <summary>The pattern.</summary>
    public string Pattern { get; }

    /// <summary>True: one of the values must match. False: none may.</summary>
    public bool MustMatch { get; }

    /// <summary>Whether the header may be missing.</summary>
    public bool AllowsMissing { get; }

    /// <summary>What is wrong with the values; null when nothing is. The values are never shown.</summary>
    internal string? Check(IReadOnlyCollection<string> values)
    {
        if (values.Count == 0)
        {
            return AllowsMissing ? null : $"header {Name} is missing";
        }
        var found = values.Select(value => _pattern.Finds(value)).ToList();
        if (found.Contains(null))
        {
            return $"matching header {Name} took too long";
        }
        return (found.Contains(true), MustMatch) switch
        {
            (false, true) => $"header {Name} does not match",
            (true, false) => $"header {Name} matches what it must not",
            _ => null,
        };
    }
}
