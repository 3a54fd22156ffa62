namespace Sonde.Metrics;

/// <summary>
/// Writes metrics in one of the formats of a scrape: family by family, each sample with its labels. One caller.
/// </summary>
internal interface IFormatWriter
{
    /// <summary>Bytes written so far, for its user to send them on in pieces.</summary>
    long Written { get; }

    /// <summary>Begins a family; one without samples leaves no trace.</summary>
    void Begin(MetricFamily family);

    /// <summary>Writes a sample of the family, a counter or a gauge.</summary>
    void Write(double value, params ReadOnlySpan<Labels> labels);

    /// <summary>Writes a sample of the family, a histogram.</summary>
    void Write(Distribution distribution, params ReadOnlySpan<Labels> labels);

    /// <summary>Ends the family.</summary>
    void End();

    /// <summary>Ends the whole.</summary>
    void Complete();
}
