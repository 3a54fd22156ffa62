using System.Net.Sockets;
using Sonde.Configuration;

namespace Sonde.Web;

/// <summary>What the site is built from.</summary>
internal sealed record SiteSettings
{
    /// <summary>Gives the configuration in force: token and host names follow a reload; the rest is read once at
    /// start.</summary>
    public required Func<SondeConfiguration> Configuration { get; init; }

    /// <summary>Where it listens, from <see cref="Listening.Open"/>; closed with the site once that was started.
    /// </summary>
    public required Socket Listener { get; init; }

    /// <summary>The directory of data: the keys that protect cookies lie in <c>keys</c> below it.</summary>
    public required string DataDirectory { get; init; }
}
