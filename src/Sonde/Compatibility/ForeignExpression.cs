using System.Text.RegularExpressions;
using Sonde.Configuration;
using Sonde.Targets;

namespace Sonde.Compatibility;

/// <summary>Regular expressions of Go (RE2), which differ little from those that Sonde takes.</summary>
internal static class ForeignExpression
{
    /// <summary>The same for Sonde; null when Sonde cannot take it.</summary>
    public static string? Convert(string expression)
    {
        var converted = expression.Replace("(?P<", "(?<", StringComparison.Ordinal);
        try
        {
            _ = new Regex(converted, TcpDialogueStep.ExpectOptions);
            return converted.Length <= PatternText.Longest && !converted.Any(char.IsControl)
                ? converted : null;
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
