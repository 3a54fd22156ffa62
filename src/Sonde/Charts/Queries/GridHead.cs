using System.Text.Json;
using Sonde.Measurement.Statistics;
using Sonde.Samples;

namespace Sonde.Charts.Queries;

/// <summary>Writes what all answers over windows have in common.</summary>
internal static class GridHead
{
    /// <summary>Writes which windows they are, and begins the array of series.</summary>
    public static void Write(JsonAnswer answer, WindowGrid grid, string quantity)
    {
        var json = answer.Json;
        json.WriteStartObject();
        json.WriteString("quantity", quantity);
        json.WriteString("from", DateTimeOffset.FromUnixTimeMilliseconds(grid.From).UtcDateTime);
        json.WriteString("to", DateTimeOffset.FromUnixTimeMilliseconds(grid.To).UtcDateTime);
        json.WriteNumber("stepSeconds", grid.Step / 1_000m);
        json.WriteNumber("askedStepSeconds", grid.AskedStep / 1_000m);
        json.WriteBoolean("isWidened", grid.IsWidened);
        json.WriteNumber("count", grid.Count);
        json.WriteStartArray("series");
    }

    /// <summary>Ends what <see cref="Write"/> began.</summary>
    public static void End(JsonAnswer answer)
    {
        answer.Json.WriteEndArray();
        answer.Json.WriteEndObject();
    }

    /// <summary>Begins the object of a series: whose windows they are.</summary>
    public static void BeginSeries(Utf8JsonWriter json, SeriesWindows found, SeriesUnit unit)
    {
        json.WriteStartObject();
        json.WriteString("id", found.Series.Check.Value);
        json.WriteString("vantagePoint", found.Series.VantagePoint);
        json.WriteNumber("family", found.Series.Family);
        json.WriteString("unit", unit.Word);
        json.WriteBoolean("isCoarse", found.IsCoarse);
    }

    /// <summary>Writes the column of a figure.</summary>
    public static void WriteFigure(
        JsonAnswer answer, WindowFigure figure, IReadOnlyList<Window?> windows, SeriesUnit unit)
    {
        var numbers = answer.Numbers;
        var thousandths = figure.IsCount ? 1_000 : unit.Thousandths;
        numbers.Begin();
        for (var place = 0; place < windows.Count; place++)
        {
            if (windows[place] is { } window && figure.Of(window) is { } value)
            {
                numbers.Add((long)Math.Round(value * thousandths));
            }
            else
            {
                numbers.AddNull();
            }
        }
        numbers.WriteTo(answer.Json, figure.IsCount ? figure.Word : figure.Word + unit.Suffix);
    }
}
