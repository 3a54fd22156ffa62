using Sonde.Measurement.Statistics;
using Sonde.Samples;

namespace Sonde.Charts.Queries;

/// <summary>Reads windows of a target and writes how their values are distributed (docs/api.md).</summary>
internal sealed class HistogramAnswer(ISampleStore store)
{
    /// <summary>Reads all windows, finds the axis, and writes the whole answer.</summary>
    /// <param name="answer">Where to.</param>
    /// <param name="grid">The windows.</param>
    /// <param name="quantity">The quantity's word.</param>
    /// <param name="series">The series of one target.</param>
    /// <param name="buckets">How many buckets at most.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    public async Task WriteAsync(
        JsonAnswer answer, WindowGrid grid, string quantity, IReadOnlyList<SeriesKey> series, int buckets,
        CancellationToken cancellationToken)
    {
        var found = new List<SeriesWindows>();
        if (series.Count > 0)
        {
            await foreach (var one in store.ReadWindowsAsync(grid.Of(series), cancellationToken))
            {
                found.Add(one);
            }
        }
        var axes = found.GroupBy(one => one.Series.Quantity).Where(ofUnit => ofUnit.Any(HasAnswers)).ToDictionary(
            ofUnit => ofUnit.Key, ofUnit => HistogramAxis.Over(ofUnit.SelectMany(one => one.Windows), buckets));
        GridHead.Write(answer, grid, quantity);
        foreach (var one in found)
        {
            Write(answer, one, axes.GetValueOrDefault(one.Series.Quantity));
            await answer.SendPieceAsync(cancellationToken);
        }
        GridHead.End(answer);
        await answer.SendAsync(cancellationToken);
    }

    private static bool HasAnswers(SeriesWindows one) => one.Windows.Any(window => window is { Received: > 0 });

    private static void Write(JsonAnswer answer, SeriesWindows found, HistogramAxis? axis)
    {
        var unit = SeriesUnit.Of(found.Series.Quantity);
        GridHead.BeginSeries(answer.Json, found, unit);
        answer.Numbers.Begin();
        foreach (var edge in axis?.Edges ?? [])
        {
            answer.Numbers.Add(edge * unit.Thousandths);
        }
        answer.Numbers.WriteTo(answer.Json, "edges" + unit.Suffix);
        GridHead.WriteFigure(answer, WindowFigures.Sent, found.Windows, unit);
        GridHead.WriteFigure(answer, WindowFigures.Lost, found.Windows, unit);
        var rows = axis is null ? [] : found.Windows.Select(window => RowOf(window, axis)).ToList();
        WriteFirst(answer, rows, found.Windows.Count);
        WriteCounts(answer, rows, found.Windows.Count);
        answer.Json.WriteEndObject();
    }

    /// <summary>
    /// The counts of a window from its first bucket in use to its last; null when nothing was received.
    /// </summary>
    private static (int First, long[] Counts)? RowOf(Window? window, HistogramAxis axis)
    {
        if (window is not { Received: > 0 })
        {
            return null;
        }
        var counts = new long[axis.Edges.Count - 1];
        axis.Count(window, counts);
        var first = Array.FindIndex(counts, count => count > 0);
        return (first, counts[first..(Array.FindLastIndex(counts, count => count > 0) + 1)]);
    }

    private static void WriteFirst(JsonAnswer answer, List<(int First, long[] Counts)?> rows, int windows)
    {
        answer.Numbers.Begin();
        for (var place = 0; place < windows; place++)
        {
            if (place < rows.Count && rows[place] is var (first, _))
            {
                answer.Numbers.Add(first * 1_000L);
            }
            else
            {
                answer.Numbers.AddNull();
            }
        }
        answer.Numbers.WriteTo(answer.Json, "first");
    }

    private static void WriteCounts(JsonAnswer answer, List<(int First, long[] Counts)?> rows, int windows)
    {
        answer.Numbers.Begin();
        for (var place = 0; place < windows; place++)
        {
            if (place < rows.Count && rows[place] is var (_, counts))
            {
                answer.Numbers.BeginInner();
                foreach (var count in counts)
                {
                    answer.Numbers.Add(count * 1_000);
                }
                answer.Numbers.EndInner();
            }
            else
            {
                answer.Numbers.AddNull();
            }
        }
        answer.Numbers.WriteTo(answer.Json, "counts");
    }
}
