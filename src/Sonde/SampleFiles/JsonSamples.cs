using System.Text.Json;

namespace Sonde.SampleFiles;

/// <summary>
/// The NDJSON of <c>sonde export</c>: an object a line, its members in any order, further ones among them.
/// </summary>
internal sealed class JsonSamples(SeriesNames names) : ISampleFormat
{
    private static readonly byte[][] Names =
        [.. SampleColumns.Names.Select(System.Text.Encoding.UTF8.GetBytes)];

    private readonly RecordFields _fields = new();
    private readonly SampleText _text = new(names);
    private byte[] _scratch = [];

    /// <inheritdoc/>
    public string Problem { get; private set; } = "";

    /// <summary>True when the first line of a file is an object that names a check, whole or not.</summary>
    public static bool IsRecognized(ReadOnlySpan<byte> firstLine) =>
        firstLine.TrimStart((byte)' ').StartsWith("{"u8) && firstLine.IndexOf("\"check\""u8) > 0;

    /// <inheritdoc/>
    public LineOutcome Read(ReadOnlySpan<byte> line, bool isUnended, SampleBatch into)
    {
        if (line.IsEmpty)
        {
            return LineOutcome.Passed;
        }
        _fields.Clear(SampleColumns.Count);
        try
        {
            if (FindMissing(line) is { } missing)
            {
                return Refuse($"it has no '{missing}'");
            }
        }
        catch (JsonException error)
        {
            return Refuse(isUnended
                ? "the file ends within it: it is cut off"
                : $"it is no JSON object: it goes wrong at byte {error.BytePositionInLine + 1}");
        }
        catch (InvalidOperationException)
        {
            return Refuse("a text in it is not UTF-8");     // Utf8JsonReader.CopyString
        }
        if (!_text.TryMake(line, _fields, out var sample))
        {
            return Refuse(_text.Problem);
        }
        into.Add(sample);
        return LineOutcome.Read;
    }

    // Finds the members; gives the name of one that must be there and is not.
    private string? FindMissing(ReadOnlySpan<byte> line)
    {
        var json = new Utf8JsonReader(line);
        var found = 0;
        var column = -1;
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException(null, null, 0, 0);
        }
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            column = ColumnOf(ref json, column + 1);
            json.Read();
            if (column >= 0)
            {
                found |= 1 << column;
                Take(ref json, column);
            }
            json.Skip();
        }
        json.Read();    // throws when something follows
        for (var required = 0; required < SampleColumns.Required; required++)
        {
            if ((found & (1 << required)) == 0)
            {
                return SampleColumns.Names[required];
            }
        }
        return null;
    }

    private static int ColumnOf(ref Utf8JsonReader json, int expected)
    {
        if (expected < Names.Length && json.ValueTextEquals(Names[expected]))
        {
            return expected;
        }
        for (var column = 0; column < Names.Length; column++)
        {
            if (json.ValueTextEquals(Names[column]))
            {
                return column;
            }
        }
        return -1;
    }

    private void Take(ref Utf8JsonReader json, int column)
    {
        var start = (int)json.TokenStartIndex;
        switch (json.TokenType)
        {
            case JsonTokenType.Null:
                _fields.Set(column, 0, 0);
                break;
            case JsonTokenType.String when json.ValueIsEscaped:
                _scratch = _scratch.Length < json.ValueSpan.Length ? new byte[json.ValueSpan.Length] : _scratch;
                _fields.SetApart(column, _scratch.AsSpan(0, json.CopyString(_scratch)));
                break;
            case JsonTokenType.String:
                _fields.Set(column, start + 1, json.ValueSpan.Length);
                break;
            case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False:
                _fields.Set(column, start, json.ValueSpan.Length);
                break;
            default:
                throw new JsonException(null, null, 0, start);  // an object or a list
        }
    }

    private LineOutcome Refuse(string problem)
    {
        Problem = problem;
        return LineOutcome.Refused;
    }
}
