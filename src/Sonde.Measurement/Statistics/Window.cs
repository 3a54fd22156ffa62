namespace Sonde.Measurement.Statistics;

/// <summary>The summary of a series over an interval; windows of neighbouring intervals merge without loss.</summary>
public sealed class Window
{
}
