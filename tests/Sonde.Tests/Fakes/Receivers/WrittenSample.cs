namespace Sonde.Tests;

/// <summary>A sample as a receiver of remote-write reads it.</summary>
/// <param name="Labels">The labels in the order of the bytes.</param>
/// <param name="Value">The value.</param>
/// <param name="Milliseconds">When it held.</param>
internal sealed record WrittenSample(IReadOnlyList<(string Name, string Value)> Labels, double Value, long Milliseconds)
{
    /// <summary>The metric's name.</summary>
    public string Name => this["__name__"]!;

    /// <summary>True for the marker that the series has ended.</summary>
    public bool IsStale => BitConverter.DoubleToUInt64Bits(Value) == 0x7ff0000000000002;

    /// <summary>A label's value; null when it has none.</summary>
    public string? this[string label] => Labels.SingleOrDefault(one => one.Name == label).Value;

    /// <summary>The samples of a request's body.</summary>
    public static List<WrittenSample> Read(byte[] body) => [.. new ProtobufMessage(SnappyBlock.Decode(body)).All(1).Select(
        series => new WrittenSample(
            [.. series.All(1).Select(label => (label.Text(1), label.Text(2)))],
            series.All(2).Single().Double(1), (long)series.All(2).Single().Number(2)))];
}
