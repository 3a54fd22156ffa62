using System.Globalization;
using Sonde.Measurement.Statistics;
using Sonde.Samples;

namespace Sonde.Charts.Queries;

/// <summary>Reads windows of series and writes them by columns (docs/api.md).</summary>
internal sealed class WindowsAnswer(ISampleStore store)
{
    /// <summary>Reads the windows and writes the whole answer, series after series.</summary>
    /// <param name="answer">Where to.</param>
    /// <param name="grid">The windows.</param>
    /// <param name="quantity">The quantity's word.</param>
    /// <param name="series">The series; each gets an entry.</param>
    /// <param name="columns">Which columns.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    public async Task WriteAsync(
        JsonAnswer answer, WindowGrid grid, string quantity, IReadOnlyList<SeriesKey> series,
        WindowColumnsRequest columns, CancellationToken cancellationToken)
    {
        var names = columns.Quantiles.Select(q => q.ToString(CultureInfo.InvariantCulture)).ToList();
        await using var found = store.ReadWindowsAsync(grid.Of(series), cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        var isOne = series.Count > 0 && await found.MoveNextAsync();   // before the first byte: it may be a 503
        GridHead.Write(answer, grid, quantity);
        for (; isOne; isOne = await found.MoveNextAsync())
        {
            Write(answer, found.Current, columns, names);
            await answer.SendPieceAsync(cancellationToken);
        }
        GridHead.End(answer);
        await answer.SendAsync(cancellationToken);
    }

    private static void Write(
        JsonAnswer answer, SeriesWindows found, WindowColumnsRequest columns, List<string> quantileNames)
    {
        var unit = SeriesUnit.Of(found.Series.Quantity);
        var json = answer.Json;
        GridHead.BeginSeries(json, found, unit);
        foreach (var figure in columns.Figures)
        {
            GridHead.WriteFigure(answer, figure, found.Windows, unit);
        }
        if (columns.Quantiles.Count > 0)
        {
            json.WriteStartObject("quantiles" + unit.Suffix);
            foreach (var (q, name) in columns.Quantiles.Zip(quantileNames))
            {
                WriteQuantile(answer, q, name, found.Windows, unit);
            }
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteQuantile(
        JsonAnswer answer, double q, string name, IReadOnlyList<Window?> windows, SeriesUnit unit)
    {
        var numbers = answer.Numbers;
        numbers.Begin();
        for (var place = 0; place < windows.Count; place++)
        {
            if (windows[place]?.QuantileMicroseconds(q) is { } value)
            {
                numbers.Add(value * unit.Thousandths);
            }
            else
            {
                numbers.AddNull();
            }
        }
        numbers.WriteTo(answer.Json, name);
    }
}
