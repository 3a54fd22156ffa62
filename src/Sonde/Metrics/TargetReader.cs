using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.Metrics;

/// <summary>Reads, for one scrape, what was counted and how the last five minutes were.</summary>
internal sealed class TargetReader(TargetTotals totals, LiveChecks live, TimeProvider time)
{
    private static readonly Quantity Certificate = new("certificate", "s");

    /// <summary>All targets as they stand now.</summary>
    /// <param name="withSmokeping">True when the labels of smokeping_prober are wanted.</param>
    /// <param name="withExponential">True when the buckets of native histograms are wanted.</param>
    public TargetReadings Read(bool withSmokeping, bool withExponential)
    {
        var checks = totals.Checks;
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var readings = new TargetReadings(new(checks.Length), new(checks.Length), [], []);
        var told = new HashSet<(string Host, string Address, byte TypeOfService)>();
        foreach (var check in checks)
        {
            var labeled = check.Labeled;
            readings.Checks.Add(new CheckReading(labeled.Labels, live.StateOf(labeled.Check.Id, now)));
            foreach (var series in check.Series)
            {
                var quantity = series.Key.Quantity;
                var into = quantity == Quantity.Rtt ? readings.RoundTrips
                    : quantity.IsPhase ? readings.Phases
                    : quantity == Certificate ? readings.Certificates : null;
                into?.Add(new SeriesReading
                {
                    Labels = labeled.Labels,
                    Family = series.Family,
                    Phase = series.Phase,
                    Counts = series.Read(withExponential),
                    FiveMinutes = quantity == Quantity.Rtt
                        ? live.FiveMinutesOf(labeled.Check.Id, series.Handle, now) : null,
                    Smokeping = withSmokeping ? SmokepingLabelsOf(labeled.Check, series, told) : null,
                });
            }
        }
        return readings;
    }

    /// <summary>Two checks with the same host, address and type of service would be one series there: the first is
    /// told.</summary>
    private Labels? SmokepingLabelsOf(Check check, SeriesTotals series, HashSet<(string, string, byte)> told) =>
        check.Kind == CheckKind.Icmp && series.Key.Quantity == Quantity.Rtt
        && totals.AddressOf(series.Handle) is { } address && told.Add((check.Host, address, check.TypeOfService))
            ? series.SmokepingLabelsFor(check, address)
            : null;
}
