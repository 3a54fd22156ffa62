using System.Net;
using Microsoft.AspNetCore.Authorization;

namespace Sonde.Access;

/// <summary>Met by whoever has shown the token; without a token, by whoever came in over loopback.</summary>
internal sealed class TokenRequirement : IAuthorizationRequirement;

/// <summary>Weighs a <see cref="TokenRequirement"/>.</summary>
/// <remarks>The local address is looked at, not the caller's: a trusted proxy rewrites the caller's.</remarks>
internal sealed class TokenRequirementHandler(AccessToken token) : AuthorizationHandler<TokenRequirement>
{
    /// <inheritdoc/>
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, TokenRequirement requirement)
    {
        var isKnown = context.User.Identity is { IsAuthenticated: true };
        if (token.IsRequired ? isKnown : context.Resource is HttpContext http && CameOverLoopback(http))
        {
            context.Succeed(requirement);
        }
        return Task.CompletedTask;
    }

    private static bool CameOverLoopback(HttpContext http) =>
        http.Connection.LocalIpAddress is { } local
            && IPAddress.IsLoopback(local.IsIPv4MappedToIPv6 ? local.MapToIPv4() : local);
}
