using System.Text.RegularExpressions;

namespace Sonde.Compatibility;

/// <summary>
/// The environment variables of a Gatus file, <c>$NAME</c> and <c>${NAME}</c>, as sonde.yaml has them; <c>$$</c> is the
/// sign itself.
/// </summary>
internal static partial class GatusVariables
{
    /// <summary>The same text for sonde.yaml.</summary>
    public static string ToSonde(string text) => Sign().Replace(text, match => match.Value switch
    {
        "$${" => "$${",
        "$$" => "$",
        _ => $"${{{match.Groups[1].Value}}}",
    });

    [GeneratedRegex(@"\$\$\{?|\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?", RegexOptions.CultureInvariant)]
    private static partial Regex Sign();
}
