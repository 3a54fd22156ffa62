using System.Globalization;

namespace Sonde.Configuration;

/// <summary>
/// Sizes as people write them: <c>512</c>, <c>10KB</c>, <c>10MB</c>, <c>1.5GiB</c>. One KB is 1,024 bytes, as for
/// blackbox_exporter.
/// </summary>
internal static class SizeText
{
    private static readonly (string Unit, long Bytes)[] Units =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("KB", 1L << 10), ("MB", 1L << 20), ("GB", 1L << 30),
        ("B", 1), ("", 1),
    ];

    /// <summary>A size within the range, ends included; null when not written or wrong.</summary>
    public static long? Read(Settings settings, string key, long least, long most) => settings.Value(
        key,
        string.Create(CultureInfo.InvariantCulture, $"a size from {least} to {most} bytes, as 512, 10KB or 10MB"),
        text => Parse(text) is { } size && size >= least && size <= most ? size : (long?)null);

    /// <summary>The size that a text says, in bytes; null when it says none.</summary>
    public static long? Parse(string text)
    {
        var (unit, bytes) = Units.First(unit => text.EndsWith(unit.Unit, StringComparison.OrdinalIgnoreCase));
        return decimal.TryParse(
            text.AsSpan(0, text.Length - unit.Length).TrimEnd(' '), NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture, out var number) && number <= long.MaxValue / bytes
                ? (long)(number * bytes)
                : null;
    }
}
