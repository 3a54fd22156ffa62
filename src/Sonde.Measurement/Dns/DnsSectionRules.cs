using System.Text.RegularExpressions;
using Sonde.Measurement.Text;
using Sonde.Measurement.Tls;

namespace Sonde.Measurement.Dns;

/// <summary>
/// What the records of a section must look like: four lists of patterns, as blackbox_exporter has them.
/// </summary>
/// <remarks>
/// <para>A pattern is searched in the text form of a record: name, seconds, class, type and contents with a tab between
/// each two. Patterns run in linear time, so look-arounds and back-references are refused.</para>
/// <para>A section without records fails <see cref="NotMatches"/> and <see cref="NoneMatches"/>.</para>
/// </remarks>
public sealed class DnsSectionRules
{
    /// <summary>At most this many patterns in each list.</summary>
    public const int MaximumPatterns = 32;

    /// <summary>The longest pattern, in characters.</summary>
    public const int MaximumLength = LinearPattern.MaximumLength;

    private const int TextShown = 120;
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromMilliseconds(250);

    private readonly Regex[] _matches;
    private readonly Regex[] _allMatch;
    private readonly Regex[] _notMatches;
    private readonly Regex[] _noneMatches;

    /// <summary>Rules; a list that is null is empty.</summary>
    /// <param name="matches">Lost if a record matches one of them.</param>
    /// <param name="allMatch">
    /// Lost if a record does not match one of them: the contrary of its name in blackbox_exporter
    /// (<c>fail_if_all_match_regexp</c>), which does the same.
    /// </param>
    /// <param name="notMatches">Lost if a record does not match one of them, or there is none.</param>
    /// <param name="noneMatches">Lost if no record matches any of them.</param>
    /// <exception cref="ArgumentException">A pattern is wrong, or too long, or there are too many.</exception>
    public DnsSectionRules(
        IReadOnlyList<string>? matches = null, IReadOnlyList<string>? allMatch = null,
        IReadOnlyList<string>? notMatches = null, IReadOnlyList<string>? noneMatches = null)
    {
        _matches = Compile(matches);
        _allMatch = Compile(allMatch);
        _notMatches = Compile(notMatches);
        _noneMatches = Compile(noneMatches);
    }

    /// <summary>The patterns of which none may match a record.</summary>
    public IEnumerable<string> Matches => _matches.Select(pattern => pattern.ToString());

    /// <summary>The patterns that every record must match; empty sections pass.</summary>
    public IEnumerable<string> AllMatch => _allMatch.Select(pattern => pattern.ToString());

    /// <summary>The patterns that every record must match; empty sections fail.</summary>
    public IEnumerable<string> NotMatches => _notMatches.Select(pattern => pattern.ToString());

    /// <summary>The patterns of which one must match a record.</summary>
    public IEnumerable<string> NoneMatches => _noneMatches.Select(pattern => pattern.ToString());

    private bool IsEmpty =>
        _matches.Length + _allMatch.Length + _notMatches.Length + _noneMatches.Length == 0;

    /// <summary>Holds the records of a section to the rules.</summary>
    /// <param name="section">How the section is called in a sentence: <c>answer</c>.</param>
    /// <param name="records">Its records.</param>
    /// <returns>What is wrong with them; null when nothing is.</returns>
    internal string? FindFault(string section, IReadOnlyList<DnsRecord> records)
    {
        if (IsEmpty)
        {
            return null;
        }
        try
        {
            return FindFault(section, [.. records.Select(record => record.ToString())]);
        }
        catch (RegexMatchTimeoutException)
        {
            return $"matching the {section} records took too long";
        }
    }

    private string? FindFault(string section, string[] records)
    {
        if (records.Length == 0 && (_notMatches.Length > 0 || _noneMatches.Length > 0))
        {
            return $"no {section} record";
        }
        foreach (var record in records)
        {
            if (Array.Find(_matches, pattern => pattern.IsMatch(record)) is { } forbidden)
            {
                return $"{section} {Quote(record)} matches {Quote(forbidden)}";
            }
            if (Array.Find(_notMatches, pattern => !pattern.IsMatch(record)) is { } missed)
            {
                return $"{section} {Quote(record)} does not match {Quote(missed)}";
            }
        }
        foreach (var record in records)
        {
            if (Array.Find(_allMatch, pattern => !pattern.IsMatch(record)) is { } missed)
            {
                return $"{section} {Quote(record)} does not match {Quote(missed)}";
            }
        }
        return _noneMatches.Length == 0
            || Array.Exists(_noneMatches, pattern => Array.Exists(records, pattern.IsMatch))
            ? null
            : $"no {section} matches {string.Join(" or ", _noneMatches.Select(pattern => Quote(pattern)))}";
    }

    private static string Quote(object text) => PrintableText.Quote(text.ToString()!, TextShown);

    private static Regex[] Compile(IReadOnlyList<string>? patterns)
    {
        if (patterns?.Count > MaximumPatterns)
        {
            throw new ArgumentException($"There are more than {MaximumPatterns} patterns.", nameof(patterns));
        }
        return patterns is null ? [] : [.. patterns.Select(pattern => LinearPattern.Compile(pattern, MatchTimeout))];
    }
}
