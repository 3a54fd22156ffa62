using System.Globalization;
using Sonde.Configuration;
using Sonde.Targets;

namespace Sonde.Compatibility.Blackbox;

/// <summary>What a caller of <c>/probe</c> asks for.</summary>
/// <param name="Module">How to measure.</param>
/// <param name="Target">Whom, as the caller wrote it.</param>
/// <param name="HostName">The name that HTTP and TLS ask for, whatever the target's; null = the target's.</param>
/// <param name="Timeout">How long it may take, the resolving included.</param>
/// <param name="IsDebug">True to answer with all that is known of the probe, for people.</param>
internal sealed record ProbeRequest(
    ProbeModule Module, string Target, string? HostName, TimeSpan Timeout, bool IsDebug)
{
    /// <summary>In which header Prometheus says how long it waits.</summary>
    public const string TimeoutHeader = "X-Prometheus-Scrape-Timeout-Seconds";

    private const double UsualSeconds = 120;

    /// <summary>By so much the answer comes before the caller gives up.</summary>
    private const double SecondsAhead = 0.5;

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>Reads a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="modules">The modules in force.</param>
    /// <param name="problem">Why it cannot be done, in words; null when it can.</param>
    /// <returns>Null when it cannot be done.</returns>
    public static ProbeRequest? Read(
        HttpRequest request, IReadOnlyDictionary<string, ProbeModule> modules, out string? problem)
    {
        var query = request.Query;
        var name = First(query["module"]) is { Length: > 0 } named ? named : ProbeModule.DefaultName;
        var target = First(query["target"]) ?? "";
        var hostName = First(query["hostname"]) is { Length: > 0 } asked ? asked : null;
        var written = First(request.Headers[TimeoutHeader]) ?? "";
        var seconds = ReadSeconds(written);
        var module = modules.GetValueOrDefault(name);
        problem = module is null ? $"Unknown module \"{Shorten(name)}\""
            : target.Length == 0 ? "Target parameter is missing"
            : seconds is null ? $"{TimeoutHeader} is no number of seconds: \"{Shorten(written)}\""
            : module.Source is not null ? $"Module \"{name}\": source_ip_address is not done by Sonde"
            : hostName is not null ? FindHostNameProblem(module, hostName)
            : null;
        if (problem is not null)
        {
            return null;
        }
        var isDebug = string.Equals(First(query["debug"]), "true", StringComparison.Ordinal);
        return new ProbeRequest(module!, target, hostName, TimeoutOf(seconds!.Value, module!.Timeout), isDebug);
    }

    /// <summary>
    /// A little less than the caller waits, at most the module's own, and never beyond 10 ms to 60 s.
    /// </summary>
    private static TimeSpan TimeoutOf(double seconds, TimeSpan? ofModule)
    {
        var waits = TimeSpan.FromSeconds(Math.Min(seconds, UsualSeconds) - SecondsAhead);
        var timeout = ofModule < waits || waits <= TimeSpan.Zero ? ofModule ?? Shortest : waits;
        return timeout < Shortest ? Shortest : timeout > Longest ? Longest : timeout;
    }

    private static string? FindHostNameProblem(ProbeModule module, string hostName)
    {
        if (AddressText.Parse(hostName, out _, out _) is { } fault)
        {
            return $"Hostname parameter {fault}";
        }
        var ofModule = module.Http?.Headers.FirstOrDefault(
            header => header.Name.Equals("Host", StringComparison.OrdinalIgnoreCase));
        return ofModule is not null && ofModule.Value != hostName
            ? $"Module \"{module.Name}\" has a header Host of its own, which is not the hostname parameter"
            : null;
    }

    private static double? ReadSeconds(string text)
    {
        if (text.Length == 0)
        {
            return UsualSeconds;
        }
        var isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            && double.IsFinite(seconds) && seconds >= 0;
        return !isNumber ? null : seconds == 0 ? UsualSeconds : seconds;
    }

    private static string? First(IList<string?> values) => values.Count == 0 ? null : values[0];

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + "…";
}
