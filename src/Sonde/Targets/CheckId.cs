using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Sonde.Targets;

/// <summary>
/// The name of a check in URLs, files and the store: 1 to 64 of <c>a-z 0-9 - . _</c>, beginning with a letter or digit.
/// </summary>
internal readonly record struct CheckId : IParsable<CheckId>
{
    /// <summary>The longest id.</summary>
    public const int MaxLength = 64;

    private const int HashDigits = 10;

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
    /// The default id of a check: a slug of its kind and name, for example <c>icmp-router-kitchen</c>. It depends on
    /// nothing else, so that no other check ever changes it.
    /// </summary>
    /// <remarks>
    /// Other letters than ASCII's, and what exceeds the longest id, give way to ten digits of the name's SHA-256. The
    /// <c>::</c> of an IPv6 address becomes <c>--</c>.
    /// </remarks>
    public static CheckId FromName(CheckKind kind, string name) => FromName(kind.ToWord(), name);

    /// <summary>The same for the kind's word.</summary>
    public static CheckId FromName(string kind, string name)
    {
        var words = string.Join("--", name.Split("::").Select(ToWords));
        var slug = words.Length == 0 ? kind : $"{kind}-{words}";
        if (Ascii.IsValid(name) && slug.Length <= MaxLength)
        {
            return new CheckId(slug);
        }
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..HashDigits];
        return new CheckId($"{slug[..Math.Min(slug.Length, MaxLength - HashDigits - 1)]}-{hash}");
    }

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static string ToWords(string text) => string.Join('-',
        string.Concat(text.Select(c => IsIdCharacter(char.ToLowerInvariant(c)) ? char.ToLowerInvariant(c) : ' '))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)).TrimEnd('-');

    private static bool IsIdCharacter(char c) => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '.' or '_';
}
