using System.Globalization;
using System.Text.Json;

namespace Sonde.Measurement.Http;

/// <summary>A value that a JSON body must have at a place.</summary>
/// <remarks>
/// The path is a small part of RFC 9535: <c>$</c>, then any number of <c>.name</c>, <c>['name']</c> and <c>[0]</c>.
/// Names after a dot are letters, digits, <c>_</c> and <c>-</c>. There are no wildcards, filters or negative indices.
/// </remarks>
public sealed class HttpJsonExpectation
{
    private const int LongestPath = 1024;
    private readonly object[] _steps;

    /// <summary>Expects <paramref name="value"/> at <paramref name="path"/>.</summary>
    /// <param name="path">For example <c>$.checks[0].state</c>.</param>
    /// <param name="value">
    /// A string's text; or a number, <c>true</c>, <c>false</c>, <c>null</c> as JSON writes it: 1 equals 1.0.
    /// </param>
    /// <exception cref="ArgumentException">The path is wrong.</exception>
    public HttpJsonExpectation(string path, string value)
    {
        Path = path;
        Value = value;
        _steps = [.. Parse(path)];
    }

    /// <summary>The place.</summary>
    public string Path { get; }

    /// <summary>The value.</summary>
    public string Value { get; }

    /// <summary>What is wrong with the body; null when nothing is. The body is never shown.</summary>
    internal string? Check(JsonElement root)
    {
        var place = root;
        foreach (var step in _steps)
        {
            var isThere = step is string name
                ? place.ValueKind == JsonValueKind.Object && place.TryGetProperty(name, out place)
                : TryGetElement(ref place, (int)step);
            if (!isThere)
            {
                return $"body has nothing at {Path}";
            }
        }
        return Equals(place) ? null : $"{Path} in the body is not the expected value";
    }

    private static bool TryGetElement(ref JsonElement place, int index)
    {
        if (place.ValueKind != JsonValueKind.Array || index >= place.GetArrayLength())
        {
            return false;
        }
        place = place[index];
        return true;
    }

    private bool Equals(JsonElement found) => found.ValueKind switch
    {
        JsonValueKind.String => found.GetString() == Value,
        JsonValueKind.Number => found.GetRawText() == Value
            || (found.TryGetDecimal(out var number)
                && decimal.TryParse(Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var expected)
                && number == expected),
        JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null => found.GetRawText() == Value,
        _ => false,
    };

    private static IEnumerable<object> Parse(string path)
    {
        if (path.Length is 0 or > LongestPath || path[0] != '$')
        {
            throw Wrong(path, $"it must begin with $ and have at most {LongestPath} characters");
        }
        for (var at = 1; at < path.Length;)
        {
            var (step, next) = path[at] switch
            {
                '.' => ParseName(path, at + 1),
                '[' when at + 1 < path.Length && path[at + 1] == '\'' => ParseQuotedName(path, at + 2),
                '[' => ParseIndex(path, at + 1),
                _ => throw Wrong(path, "after $ come .name, ['name'] or [0]"),
            };
            yield return step;
            at = next;
        }
    }

    private static (object Step, int Next) ParseName(string path, int at)
    {
        var end = at;
        while (end < path.Length && (char.IsLetterOrDigit(path[end]) || path[end] is '_' or '-'))
        {
            end++;
        }
        return end > at ? (path[at..end], end) : throw Wrong(path, "a name is missing after a dot");
    }

    private static (object Step, int Next) ParseQuotedName(string path, int at)
    {
        var end = path.IndexOf("']", at, StringComparison.Ordinal);
        return end >= 0 ? (path[at..end], end + 2) : throw Wrong(path, "'] is missing");
    }

    private static (object Step, int Next) ParseIndex(string path, int at)
    {
        var end = path.IndexOf(']', at);
        return end > at && int.TryParse(
            path.AsSpan(at, end - at), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? (index, end + 1)
            : throw Wrong(path, "an index is a number from 0 on");
    }

    private static ArgumentException Wrong(string path, string why) =>
        new($"'{path}' is no path into JSON: {why}.", nameof(path));
}
