using System.Text.RegularExpressions;

namespace Sonde.Measurement.Text;

/// <summary>A regular expression that runs in linear time, whatever the text is.</summary>
internal static class LinearPattern
{
    /// <summary>The longest pattern, in characters.</summary>
    public const int MaximumLength = 8192;

    /// <summary>Compiles it; look-arounds and back-references are refused.</summary>
    /// <param name="pattern">A .NET regular expression.</param>
    /// <param name="matchTimeout">How long a match may take: far above what the longest text of its use needs.</param>
    /// <exception cref="ArgumentException">The pattern is wrong, too long, or cannot run in linear time.</exception>
    public static Regex Compile(string pattern, TimeSpan matchTimeout)
    {
        if (pattern.Length > MaximumLength)
        {
            throw new ArgumentException($"The pattern is longer than {MaximumLength} characters.", nameof(pattern));
        }
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, matchTimeout);
        }
        catch (NotSupportedException error)
        {
            throw new ArgumentException(
                $"The pattern cannot run in linear time: {error.Message}", nameof(pattern), error);
        }
    }

    /// <summary>Whether it matches anywhere; null when that took too long.</summary>
    public static bool? Finds(this Regex pattern, string text)
    {
        try
        {
            return pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }
}
