using System.Text.RegularExpressions;
using Sonde.Measurement.Text;
using Sonde.Measurement.Tls;

namespace Sonde.Measurement.Http;

/// <summary>What the body of the answer must or must not contain.</summary>
public sealed class HttpBodyExpectation
{
    private const int TextShown = 80;
    private readonly Regex _pattern;

    /// <summary>Expects something of the body.</summary>
    /// <param name="pattern">
    /// A .NET regular expression without look-arounds and back-references; it may match anywhere.
    /// </param>
    /// <param name="mustMatch">True: the body must match. False: it must not.</param>
    /// <exception cref="ArgumentException">The pattern is wrong.</exception>
    public HttpBodyExpectation(string pattern, bool mustMatch = true)
    {
        Pattern = pattern;
        MustMatch = mustMatch;
        _pattern = LinearPattern.Compile(pattern, HttpExpectations.MatchTimeout);
    }

    /// <summary>The pattern.</summary>
    public string Pattern { get; }

    /// <summary>True: the body must match. False: it must not.</summary>
    public bool MustMatch { get; }

    /// <summary>What is wrong with the body; null when nothing is. The body is never shown.</summary>
    internal string? Check(string body) => (_pattern.Finds(body), MustMatch) switch
    {
        (null, _) => "matching the body took too long",
        (false, true) => $"body lacks {PrintableText.Quote(Pattern, TextShown)}",
        (true, false) => $"body has {PrintableText.Quote(Pattern, TextShown)}",
        _ => null,
    };
}
