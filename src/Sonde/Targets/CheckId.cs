using System.Diagnostics.CodeAnalysis;

namespace Sonde.Targets;

/// <summary>
/// The name of a check in URLs, files and the store: 1 to 64 of <c>a-z 0-9 - . _</c>, beginning with a letter or digit.
/// </summary>
internal readonly record struct CheckId : IParsable<CheckId>
{
    /// <summary>The longest id.</summary>
    public const int MaxLength = 64;

    private CheckId(string value) => Value = value;

    /// <summary>The id's text.</summary>
    public string Value { get; }

    /// <summary>Reads an id as it stands in a URL or a file.</summary>
    /// <exception cref="FormatException">The text is not an id.</exception>
    public static CheckId Parse(string s, IFormatProvider? provider = null) => TryParse(s, provider, out var id)
        ? id
        : throw new FormatException(
            $"'{s}' is not an id: 1 to {MaxLength} of a-z 0-9 - . _, beginning with a letter or digit");

    /// <summary>Reads an id as it stands in a URL or a file; false when it is none.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out CheckId result)
    {
        var isId = s is { Length: > 0 and <= MaxLength } && char.IsAsciiLetterOrDigit(s[0]) && s.All(IsIdCharacter);
        result = isId ? new CheckId(s!) : default;
        return isId;
    }

    /// <summary>
    /// The default id of a check: a slug of its kind and name, for example <c>icmp-router-kitchen</c>.
    /// </summary>
    public static CheckId FromName(CheckKind kind, string name)
    {
        var words = string.Concat(name.Select(char.ToLowerInvariant).Select(c => IsIdCharacter(c) ? c : ' '))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var slug = $"{kind.ToWord()}-{string.Join('-', words)}".TrimEnd('-');
        return new CheckId(slug.Length <= MaxLength ? slug : slug[..MaxLength]);
    }

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static bool IsIdCharacter(char c) => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '.' or '_';
}
