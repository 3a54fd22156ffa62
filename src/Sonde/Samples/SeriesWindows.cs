using Sonde.Measurement.Statistics;

namespace Sonde.Samples;

/// <summary>What a <see cref="WindowQuery"/> found of one series.</summary>
/// <param name="Series">The series.</param>
/// <param name="Windows">
/// One for each step, in time order; null where no sample was sent. They are the caller's alone.
/// </param>
/// <param name="IsCoarse">
/// True when samples within the span are gone, so that a summary could not be cut at a window's edge: it counts whole
/// in the window in which it begins.
/// </param>
internal sealed record SeriesWindows(SeriesKey Series, IReadOnlyList<Window?> Windows, bool IsCoarse);
