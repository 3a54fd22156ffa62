using System.Net;
using Sonde.Configuration;

namespace Sonde.Access;

/// <summary>
/// Answers only to the names that it was given, so that a foreign page cannot reach it by pointing its own name here
/// (DNS rebinding).
/// </summary>
/// <remarks>
/// An address is always accepted: rebinding needs a name, and the page's origin would be the address itself. Behind a
/// proxy that is trusted the name is the forwarded one.
/// </remarks>
internal sealed class HostAllowList(RequestDelegate next, Func<WebConfiguration> configuration)
{
    /// <summary>Passes the request on, or answers 421 (RFC 9110 section 15.5.20).</summary>
    public Task InvokeAsync(HttpContext context) => IsAllowed(context.Request.Host.Host)
        ? next(context)
        : Refusal.WriteAsync(context, StatusCodes.Status421MisdirectedRequest, "Not known by this name",
            "This page answers to localhost, to addresses, and to the names under hosts in sonde.yaml. "
            + "Add the name there.");

    private bool IsAllowed(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || IPAddress.TryParse(host, out _)
        || configuration().Hosts.Contains(host, StringComparer.OrdinalIgnoreCase);
}
