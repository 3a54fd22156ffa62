using System.Net;
using Sonde.Configuration;

namespace Sonde.Web;

/// <summary>What the site is built from.</summary>
internal sealed record SiteSettings
{
    /// <summary>Gives the configuration in force: token and host names follow a reload; the rest is read once at
    /// start.</summary>
    public required Func<SondeConfiguration> Configuration { get; init; }

    /// <summary>Where it listens; <c>--listen</c> beats the file. Port 0 takes any free one.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>The directory of data: the keys that protect cookies lie in <c>keys</c> below it.</summary>
    public required string DataDirectory { get; init; }
}
