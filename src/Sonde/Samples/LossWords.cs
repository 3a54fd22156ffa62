using Sonde.Measurement;

namespace Sonde.Samples;

/// <summary>The words for reasons of loss in files and JSON: stable, lower camel case.</summary>
internal static class LossWords
{
    private static readonly string[] Words = MakeWords();

    /// <summary>
    /// The word of a reason, for example <c>timeout</c>; empty when answered, <c>reason77</c> for a number of a later
    /// version.
    /// </summary>
    public static string ToWord(this LossReason loss) => Words[(byte)loss];

    private static string[] MakeWords()
    {
        var words = new string[256];
        for (var number = 0; number < words.Length; number++)
        {
            words[number] = Enum.GetName((LossReason)number) is { } name
                ? char.ToLowerInvariant(name[0]) + name[1..]
                : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"reason{number}");
        }
        words[(byte)LossReason.None] = "";
        return words;
    }
}
