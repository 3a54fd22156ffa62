using Sonde.Configuration;
using Sonde.Targets;

namespace Sonde.Tests;

/// <summary>Checks and configurations for tests of the site.</summary>
internal static class Checks
{
    public static Check Icmp(string name, string? group = null, string? region = null, params string[] tags) => new()
    {
        Id = CheckId.FromName(CheckKind.Icmp, name),
        Name = name,
        Kind = CheckKind.Icmp,
        Host = "192.0.2.1",
        Group = group,
        Region = region,
        Tags = [.. tags],
    };

    public static Check Push(string name, string token, TimeSpan interval, TimeSpan grace = default) => new()
    {
        Id = CheckId.FromName(CheckKind.Push, name),
        Name = name,
        Kind = CheckKind.Push,
        Host = "",
        Interval = interval,
        Push = new PushSettings(token) { Grace = grace },
    };

    public static SondeConfiguration Configuration(params Check[] checks) => new() { Checks = [.. checks] };
}
