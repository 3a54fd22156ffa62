using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Sonde.Access;

/// <summary>
/// Lets in whoever sends <c>Authorization: Bearer TOKEN</c> (RFC 6750), or the token as the password of any user
/// (RFC 7617), as scrapers can.
/// </summary>
internal sealed class BearerTokenHandler(
    AccessToken token, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>The scheme's name.</summary>
    public const string SchemeName = "Bearer";

    private const string Prefix = "Bearer ";
    private const string BasicPrefix = "Basic ";

    /// <inheritdoc/>
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (TokenOf(header) is not { } shown)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }
        if (!token.IsValid(shown))
        {
            return Task.FromResult(AuthenticateResult.Fail("The token is not valid."));
        }
        var holder = new ClaimsPrincipal(new ClaimsIdentity([], SchemeName));
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(holder, SchemeName)));
    }

    private static string? TokenOf(string header) =>
        header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? header[Prefix.Length..].Trim()
        : header.StartsWith(BasicPrefix, StringComparison.OrdinalIgnoreCase)
            ? PasswordOf(header[BasicPrefix.Length..].Trim())
        : null;

    /// <summary>What stands behind the colon of <c>user:password</c> in Base64; null when it is not that.</summary>
    private static string? PasswordOf(string encoded)
    {
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var count))
        {
            return null;
        }
        var colon = bytes.AsSpan(0, count).IndexOf((byte)':');
        return colon < 0 ? null : Encoding.UTF8.GetString(bytes, colon + 1, count - colon - 1);
    }

    /// <inheritdoc/>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties) =>
        Refusal.AskForTokenAsync(Context);
}
