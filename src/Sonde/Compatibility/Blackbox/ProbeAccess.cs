using System.Net;
using Microsoft.AspNetCore.Authorization;
using Sonde.Access;
using Sonde.Configuration;

namespace Sonde.Compatibility.Blackbox;

/// <summary>Met by whoever may have a target measured by <c>/probe</c>.</summary>
internal sealed class ProbeRequirement : IAuthorizationRequirement;

/// <summary>
/// Weighs a <see cref="ProbeRequirement"/>: callers on this machine may ask for any target, others with the token, or
/// for the targets that <c>probe: {allow}</c> names.
/// </summary>
internal sealed class ProbeAccess(AccessToken token, Func<SondeConfiguration> configuration)
    : AuthorizationHandler<ProbeRequirement>
{
    private static readonly string[] ForwardingHeaders = ["Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"];

    /// <inheritdoc/>
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ProbeRequirement requirement)
    {
        var hasShownToken = token.IsRequired && context.User.Identity is { IsAuthenticated: true };
        if (context.Resource is HttpContext http && (hasShownToken || IsOnThisMachine(http) || IsAllowed(http.Request)))
        {
            context.Succeed(requirement);
        }
        return Task.CompletedTask;
    }

    /// <summary>
    /// True for a caller of its own: not a proxy on this machine that asks for somebody else, nor a foreign page that
    /// a browser on this machine shows.
    /// </summary>
    private static bool IsOnThisMachine(HttpContext http) =>
        IsLoopback(http.Connection.RemoteIpAddress) && IsLoopback(http.Connection.LocalIpAddress)
        && IsLoopbackName(http.Request.Host.Host)
        && !ForwardingHeaders.Any(http.Request.Headers.ContainsKey)
        && http.Request.Headers["Sec-Fetch-Site"].ToString() is "" or "none" or "same-origin";

    /// <summary>A proxy that says nothing of whom it asks for says at least by which name it was asked.</summary>
    private static bool IsLoopbackName(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static bool IsLoopback(IPAddress? address) => address is not null && IPAddress.IsLoopback(address);

    private bool IsAllowed(HttpRequest request)
    {
        var now = configuration();
        return ProbeRequest.Read(request, now.Modules, out _) is { } asked
            && ModuleTarget.Read(asked.Module.Kind, asked.Target, out _) is { } target
            && now.ProbeAllow.Allows(target.Host);
    }
}
