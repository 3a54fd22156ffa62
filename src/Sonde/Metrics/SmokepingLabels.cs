using System.Globalization;
using Sonde.Targets;

namespace Sonde.Metrics;

/// <summary>The labels that smokeping_prober gives what it measures: <c>ip, host, source, tos</c>.</summary>
internal sealed class SmokepingLabels(Check check, string address)
{
    /// <summary>The check that they are of.</summary>
    public Check Check => check;

    /// <summary>The address that they name.</summary>
    public string Address => address;

    /// <summary>The labels, rendered. No source address is set for probes, so that label is empty.</summary>
    public Labels Labels { get; } = Labels.Of(
        ("ip", address), ("host", check.Host), ("source", ""),
        ("tos", check.TypeOfService.ToString(CultureInfo.InvariantCulture)));
}
