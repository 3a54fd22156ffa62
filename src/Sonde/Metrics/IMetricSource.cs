namespace Sonde.Metrics;

/// <summary>A part of the program that tells how it does. Any thread; must not wait.</summary>
internal interface IMetricSource
{
    /// <summary>Writes all its metrics; no other source has one of the same name.</summary>
    void WriteTo(IFormatWriter writer);
}
