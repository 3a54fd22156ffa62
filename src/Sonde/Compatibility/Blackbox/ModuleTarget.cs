using Sonde.Configuration;
using Sonde.Measurement.Http;
using Sonde.Targets;

namespace Sonde.Compatibility.Blackbox;

/// <summary>What a caller of <c>/probe</c> names as target, as each kind of module takes it.</summary>
/// <param name="Host">Whom to resolve: a name, or an IP address without brackets.</param>
/// <param name="Port">The port of a TCP target; of a DNS target null for the usual.</param>
/// <param name="Url">The URL of an HTTP target, without user name and password.</param>
/// <param name="Authorization">What the user name and password in the URL mean; null when there are none.</param>
internal sealed record ModuleTarget(string Host, int? Port = null, Uri? Url = null, string? Authorization = null)
{
    /// <summary>The longest target.</summary>
    public const int Longest = 2000;

    /// <summary>Reads a target.</summary>
    /// <param name="kind">The kind of the module.</param>
    /// <param name="text">What the caller wrote.</param>
    /// <param name="problem">What is wrong with it, in words; null when nothing is.</param>
    /// <returns>Null when it is none of the kind.</returns>
    public static ModuleTarget? Read(CheckKind kind, string text, out string? problem)
    {
        if (text.Length > Longest)
        {
            problem = $"it is longer than {Longest} characters";
            return null;
        }
        if (kind == CheckKind.Http)
        {
            return ReadUrl(text, out problem);
        }
        problem = AddressText.Parse(text, out var host, out var port) is { } fault ? $"it {fault}" : null;
        problem ??= (kind, port) switch
        {
            (CheckKind.Tcp, null) => "it has no port",
            (CheckKind.Icmp, not null) => "it has a port, which ICMP knows none of",
            _ => null,
        };
        return problem is null ? new ModuleTarget(host, port) : null;
    }

    /// <summary>Without a scheme it is meant as <c>http://</c>.</summary>
    private static ModuleTarget? ReadUrl(string text, out string? problem)
    {
        var isWhole = text.StartsWith("http://", StringComparison.Ordinal)
            || text.StartsWith("https://", StringComparison.Ordinal);
        var isUrl = Uri.TryCreate(isWhole ? text : $"http://{text}", UriKind.Absolute, out var url)
            && url.IdnHost.Length > 0;
        problem = isUrl ? null : "it is no URL";
        if (!isUrl || url!.UserInfo.Length == 0)
        {
            return isUrl ? new ModuleTarget(url!.IdnHost, Url: url) : null;
        }
        var parts = url.UserInfo.Split(':', 2);
        return new ModuleTarget(
            url.IdnHost, Url: new UriBuilder(url) { UserName = "", Password = "" }.Uri,
            Authorization: HttpTarget.BasicAuthorization(
                Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : ""));
    }
}
