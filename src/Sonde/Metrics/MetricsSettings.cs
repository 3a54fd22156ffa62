namespace Sonde.Metrics;

/// <summary>What <c>/metrics</c> holds.</summary>
/// <param name="Histograms">False to write only sum and count of histograms, without their buckets.</param>
/// <param name="Smokeping">False to leave out what bears the names of smokeping_prober.</param>
internal sealed record MetricsSettings(bool Histograms, bool Smokeping);
