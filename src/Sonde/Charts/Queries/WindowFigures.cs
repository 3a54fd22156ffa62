using Sonde.Measurement.Statistics;

namespace Sonde.Charts.Queries;

/// <summary>A figure of a window: a column of an answer.</summary>
/// <param name="Word">Its word in a request, and its name but for the unit.</param>
/// <param name="IsCount">True for a count, false for a value in the unit in which the series is stored.</param>
/// <param name="Of">The figure; null where there is none.</param>
internal sealed record WindowFigure(string Word, bool IsCount, Func<Window, double?> Of);

/// <summary>The figures that there are.</summary>
internal static class WindowFigures
{
    /// <summary>Probes sent.</summary>
    public static readonly WindowFigure Sent = new("sent", IsCount: true, window => window.Sent);

    /// <summary>Of these, without a valid answer.</summary>
    public static readonly WindowFigure Lost = new("lost", IsCount: true, window => window.Lost);

    /// <summary>All of them, in the order in which an answer has them.</summary>
    public static readonly WindowFigure[] All =
    [
        Sent,
        Lost,
        new("suspect", IsCount: true, window => window.Suspect),
        new("duplicates", IsCount: true, window => window.Duplicates),
        new("min", IsCount: false, window => window.MinimumMicroseconds),
        new("mean", IsCount: false, window => window.MeanMicroseconds),
        new("max", IsCount: false, window => window.MaximumMicroseconds),
        new("mdev", IsCount: false, window => window.MeanDeviationMicroseconds),
        new("jitter", IsCount: false, window => window.JitterMicroseconds),
    ];
}
