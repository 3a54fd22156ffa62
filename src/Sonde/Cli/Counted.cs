using System.Globalization;

namespace Sonde.Cli;

/// <summary>How many of something, as people say it: <c>1 check</c>, <c>2 checks</c>.</summary>
internal static class Counted
{
    /// <summary>The count with the word that fits it; without <paramref name="many"/>, an s makes it.</summary>
    public static string Of(long count, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many ?? $"{one}s")}");
}
