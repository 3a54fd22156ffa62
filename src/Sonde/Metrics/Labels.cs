using System.Text;

namespace Sonde.Metrics;

/// <summary>One label or several, rendered once for all scrapes. Any thread.</summary>
internal sealed class Labels
{
    private readonly (string Name, string Value)[] _pairs;
    private byte[]? _messages;

    private Labels((string Name, string Value)[] pairs)
    {
        _pairs = pairs;
        Text = Encoding.UTF8.GetBytes(string.Join(',', pairs.Select(pair => $"{pair.Name}=\"{Escape(pair.Value)}\"")));
    }

    /// <summary>As the text formats have it: <c>name="value"</c>, with commas between, escaped, in UTF-8.</summary>
    public byte[] Text { get; }

    /// <summary>
    /// As the protobuf format has it: a field <c>label</c> of a <c>Metric</c> for each; made when first asked for.
    /// </summary>
    public byte[] Messages => _messages ??= ToMessages();

    /// <summary>Labels in the order in which they are written; names are letters and underscores.</summary>
    public static Labels Of(params (string Name, string Value)[] pairs) => new(pairs);

    /// <summary>A label value as it stands between its quotes in both text formats.</summary>
    private static string Escape(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private byte[] ToMessages()
    {
        using var pair = new ProtobufBuffer();
        using var all = new ProtobufBuffer();
        foreach (var (name, value) in _pairs)
        {
            pair.Clear();
            pair.Bytes(1, Encoding.UTF8.GetBytes(name));
            pair.Bytes(2, Encoding.UTF8.GetBytes(value));
            all.Bytes(1, pair.Content);
        }
        return all.Content.ToArray();
    }
}
