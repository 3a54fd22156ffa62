using System.Net;
using Sonde.Measurement;
using Sonde.Measurement.Icmp;
using Sonde.Measurement.Tcp;
using Sonde.Measurement.Tls;
using Sonde.Targets;

namespace Sonde.Probing;

/// <summary>Makes of a check and an address what the check's prober understands.</summary>
internal static class ProbeTargets
{
    /// <param name="check">How to probe.</param>
    /// <param name="address">Where.</param>
    /// <param name="owner">The run that is told of late answers; null = nobody is.</param>
    public static ProbeTarget For(Check check, IPAddress address, CheckRun? owner = null) => check.Kind switch
    {
        CheckKind.Icmp => new IcmpTarget(
            address, check.Timeout, check.Size, check.TimeToLive, check.TypeOfService, check.DontFragment)
        {
            Owner = owner,
        },
        CheckKind.Tcp => new TcpTarget(
            address, check.Port ?? throw new ArgumentException("A TCP check has a port.", nameof(check)), check.Timeout,
            check.Dialogue is { Tls: true } dialogue ? TlsOf(check, dialogue) : null,
            check.Dialogue?.Steps.Select(step => new TcpStep(
                step.Expect, step.Send, step.StartTls ? TlsOf(check, check.Dialogue) : null)
            {
                SendsCaptures = step.SendsCaptures,
                Labels = [.. step.Labels.Select(label => KeyValuePair.Create(label.Name, label.Value))],
            }).ToArray())
        {
            Owner = owner,
        },
        CheckKind.Http => HttpTargets.For(check, address, owner),
        CheckKind.Dns => DnsTargets.For(check, address, owner),
        _ => throw new ArgumentOutOfRangeException(nameof(check), check.Kind, "no such kind"),
    };

    /// <summary>
    /// The same for a probe by a module of blackbox_exporter, which asks this very address and the plainest way: a name
    /// server without EDNS, and not again over TCP.
    /// </summary>
    public static ProbeTarget ForModule(Check check, IPAddress address) => check.Kind switch
    {
        CheckKind.Http => HttpTargets.For(check, address, owner: null, isPinned: check.Http?.Proxy is null),
        CheckKind.Dns => DnsTargets.For(check, address, owner: null, isPlain: true),
        _ => For(check, address),
    };

    private static TlsSettings TlsOf(Check check, TcpDialogue dialogue) =>
        TlsTargets.For(dialogue.Trust, check.Host);
}
