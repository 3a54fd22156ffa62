using System.Security.Cryptography;
using System.Text;
using Sonde.Configuration;

namespace Sonde.Access;

/// <summary>The one token that opens everything, as the configuration in force has it: a reload changes it at
/// once.</summary>
internal sealed class AccessToken(Func<WebConfiguration> configuration)
{
    /// <summary>True when callers must show a token.</summary>
    public bool IsRequired => configuration().Token is not null;

    /// <summary>True when <paramref name="shown"/> is the token. Takes the same time wherever the two differ.</summary>
    public bool IsValid(string? shown) =>
        configuration().Token is { } token && shown is not null
        && CryptographicOperations.FixedTimeEquals(Digest(shown), Digest(token));

    /// <summary>A name for the token that does not reveal it: a cookie bears it, and dies when the token
    /// changes.</summary>
    public string? Fingerprint() =>
        configuration().Token is { } token ? Convert.ToHexStringLower(Digest($"cookie of {token}")) : null;

    /// <summary>Digests have one length, so that the comparison does not tell the token's.</summary>
    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
