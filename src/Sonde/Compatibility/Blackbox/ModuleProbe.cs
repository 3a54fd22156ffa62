using System.Diagnostics;
using System.Net;
using Sonde.Probing;
using Sonde.Targets;

namespace Sonde.Compatibility.Blackbox;

/// <summary>Measures a target by a module: resolves its host, then probes it once.</summary>
internal sealed class ModuleProbe(OnDemandProbes probes, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(10);
    private readonly NameResolution _names = new(time);

    /// <summary>Measures.</summary>
    /// <returns>Null when too many probes are under way.</returns>
    public async Task<ProbeOutcome?> RunAsync(ProbeRequest request, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var module = request.Module;
        if (ModuleTarget.Read(module.Kind, request.Target, out var problem) is not { } target)
        {
            return End(problem: $"Not measured: of the target \"{request.Target}\", {problem}");
        }
        var lookup = module.Http?.Proxy is null
            ? await AddressLookup.FindAsync(
                _names, target.Host, module.Family, module.FallsBack, request.Timeout, cancellationToken)
            : null;
        if (lookup is { Address: null })
        {
            return End(lookup, lookup.Problem);
        }
        var left = request.Timeout - Stopwatch.GetElapsedTime(started);
        var check = CheckOf(request, target, left < Shortest ? Shortest : left);
        var probe = ProbeTargets.ForModule(check, lookup?.Address ?? IPAddress.Any);
        if (probes.TryBegin(module.Kind, probe) is not { } probing)
        {
            return null;
        }
        var ended = await probing.WaitAsync(cancellationToken);
        return End(lookup) with { Result = ended.Result, Setup = ended.Setup };

        ProbeOutcome End(AddressLookup? lookup = null, string? problem = null) =>
            new(module, request.Timeout, Stopwatch.GetElapsedTime(started)) { Lookup = lookup, Problem = problem };
    }

    /// <inheritdoc/>
    public void Dispose() => _names.Dispose();

    /// <summary>The check that the module would be for this target.</summary>
    private static Check CheckOf(ProbeRequest request, ModuleTarget target, TimeSpan timeout)
    {
        var module = request.Module;
        return new Check
        {
            Id = CheckId.FromName(module.Kind, module.Name),
            Name = module.Name,
            Kind = module.Kind,
            Host = module.Kind == CheckKind.Tcp ? request.HostName ?? target.Host : target.Host,
            Port = target.Port,
            Timeout = timeout,
            Size = module.Size,
            TimeToLive = module.TimeToLive,
            DontFragment = module.DontFragment,
            Dialogue = module.Dialogue,
            Url = target.Url,
            Http = module.Http is { } http ? HttpOf(http, request, target) : null,
            Dns = module.Dns,
        };
    }

    /// <summary>The name that is asked for is the one that the certificate must bear, unless the module says.</summary>
    private static HttpSettings HttpOf(HttpSettings http, ProbeRequest request, ModuleTarget target)
    {
        const string Host = "Host";
        var own = http.Headers.FirstOrDefault(header => header.Name.Equals(Host, StringComparison.OrdinalIgnoreCase));
        var name = own?.Value ?? request.HostName;
        return http with
        {
            Headers = name is null || own is not null ? http.Headers : [.. http.Headers, new HttpHeader(Host, name)],
            Authorization = http.Authorization ?? target.Authorization,
            Tls = name is null || http.Tls.ServerName is not null
                ? http.Tls
                : http.Tls with { ServerName = WithoutPort(name) },
        };
    }

    private static string WithoutPort(string name) =>
        Uri.TryCreate($"https://{name}/", UriKind.Absolute, out var url) ? url.IdnHost : name;
}
