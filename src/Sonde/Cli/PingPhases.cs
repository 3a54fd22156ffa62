using Sonde.Measurement;
using Sonde.Measurement.Dns;
using Sonde.Measurement.Statistics;
using Sonde.Targets;

namespace Sonde.Cli;

/// <summary>
/// How long the phases of the probes to one target took; also those that a lost probe came through before it failed.
/// </summary>
internal sealed class PingPhases
{
    private const string Request = "request";

    private static readonly string[] OfHttp = ["resolve", "connect", "tls", "processing", "transfer"];
    private static readonly string[] OfDns = ["truncated", "connect", Request];

    private readonly Dictionary<string, Window> _times = [];

    private PingPhases(string[] names) => Names = names;

    /// <summary>The phases that probes of the kind can have, in the order in which they come.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Those of a kind; null for kinds whose probes have none.</summary>
    public static PingPhases? Of(CheckKind kind) => kind switch
    {
        CheckKind.Http => new PingPhases(OfHttp),
        CheckKind.Dns => new PingPhases(OfDns),
        _ => null,
    };

    /// <summary>Takes in what a probe found.</summary>
    public void Take(ProbeFindings? findings)
    {
        foreach (var finding in findings?.Quantities ?? [])
        {
            if (finding.Loss == LossReason.None && Names.Contains(finding.Quantity))
            {
                Add(finding.Quantity, finding.Value);
            }
        }
        if (findings is DnsFindings { Transport: DnsTransport.Udp, Request: { } time })
        {
            Add(Request, (long)Math.Round(time.TotalMicroseconds));
        }
    }

    /// <summary>The median of a phase; null when no probe came through it.</summary>
    public long? MedianMicroseconds(string name) =>
        _times.TryGetValue(name, out var times) ? times.QuantileMicroseconds(0.5) : null;

    private void Add(string name, long microseconds)
    {
        if (!_times.TryGetValue(name, out var times))
        {
            _times.Add(name, times = new Window());
        }
        times.Add(times.Sent, 0, LossReason.None, microseconds);
    }
}
