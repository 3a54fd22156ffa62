using Sonde.Measurement;
using Sonde.Samples;

namespace Sonde.Probing;

/// <summary>The series of what probes find besides their RTT: one for each series and quantity. One thread.</summary>
internal sealed class FindingSeries(SeriesCatalog catalog)
{
    private readonly Dictionary<(SeriesHandle, string), SeriesHandle> _known = [];

    /// <summary>The series that a finding of a probe goes to.</summary>
    /// <param name="rtt">The series of the probe's RTT.</param>
    /// <param name="finding">What was found.</param>
    public SeriesHandle Of(SeriesHandle rtt, in Finding finding)
    {
        if (!_known.TryGetValue((rtt, finding.Quantity), out var series))
        {
            var quantity = new Quantity(finding.Quantity, finding.Unit);
            series = catalog.GetOrAdd(catalog.KeyOf(rtt) with { Quantity = quantity });
            _known.Add((rtt, finding.Quantity), series);
        }
        return series;
    }
}
