using System.Text;

namespace Sonde.SampleFiles;

/// <summary>
/// The CSV of <c>sonde export</c>: its columns in any order, further ones between them, or no line of names at all.
/// </summary>
internal sealed class CsvSamples : ISampleFormat
{
    private const byte Comma = (byte)',';

    private readonly RecordFields _fields = new();
    private readonly SampleText _text;
    private readonly byte[] _header;
    private readonly int _columns;

    private CsvSamples(SampleText text, ReadOnlySpan<byte> header, int columns) =>
        (_text, _header, _columns) = (text, header.ToArray(), columns);

    /// <inheritdoc/>
    public string Problem { get; private set; } = "";

    /// <summary>Recognizes the form by the first line of a file; null when it is another one.</summary>
    public static CsvSamples? Recognize(ReadOnlySpan<byte> firstLine, SeriesNames names)
    {
        var text = new SampleText(names);
        var fields = new RecordFields();
        if (!CsvFields.TrySplit(firstLine, Comma, fields))
        {
            return null;
        }
        var columns = new List<string>();
        for (var field = 0; field < fields.Count; field++)
        {
            columns.Add(Encoding.UTF8.GetString(fields.Of(firstLine, field)));
        }
        if (SampleColumns.Names.Take(SampleColumns.Required).All(columns.Contains))
        {
            for (var column = 0; column < SampleColumns.Count; column++)
            {
                text.Place(column, columns.IndexOf(SampleColumns.Names[column]));
            }
            return new CsvSamples(text, firstLine, columns.Count);
        }
        return columns.Count == SampleColumns.Count && text.TryMake(firstLine, fields, out _)
            ? new CsvSamples(text, Encoding.UTF8.GetBytes(string.Join(',', SampleColumns.Names)), SampleColumns.Count)
            : null;
    }

    /// <inheritdoc/>
    public LineOutcome Read(ReadOnlySpan<byte> line, bool isUnended, SampleBatch into)
    {
        if (line.IsEmpty || line.SequenceEqual(_header))
        {
            return LineOutcome.Passed;  // files that were put together have the names of the columns several times
        }
        if (!CsvFields.TrySplit(line, Comma, _fields))
        {
            Problem = "a field begins with a quote that is never closed";
            return LineOutcome.GoesOn;
        }
        if (_fields.Count != _columns)
        {
            return Refuse($"it has {_fields.Count} of {_columns} fields" + (isUnended ? ": the file is cut off" : ""));
        }
        if (isUnended)
        {
            return Refuse("the file ends within it, without a line feed: its last field may be cut off");
        }
        if (!_text.TryMake(line, _fields, out var sample))
        {
            return Refuse(_text.Problem);
        }
        into.Add(sample);
        return LineOutcome.Read;
    }

    private LineOutcome Refuse(string problem)
    {
        Problem = problem;
        return LineOutcome.Refused;
    }
}
