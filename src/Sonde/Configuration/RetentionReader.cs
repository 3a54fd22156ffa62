using Sonde.Configuration.Yaml;

namespace Sonde.Configuration;

/// <summary>Reads <c>retention</c>: how long and how much the store keeps.</summary>
internal static class RetentionReader
{
    /// <summary>The keys of <c>retention</c>.</summary>
    public static readonly string[] Keys = ["raw", "summaries"];

    /// <summary>The keys of each of them.</summary>
    public static readonly string[] LimitKeys = ["age", "size"];

    private const long LeastBytes = 1L << 20;

    private static readonly TimeSpan LeastAge = TimeSpan.FromHours(1);

    /// <summary>The settings; defaults for what is not written or wrong, which is noted.</summary>
    public static RetentionConfiguration Read(Settings settings)
    {
        var standard = new RetentionConfiguration();
        if (settings.Node<YamlMap>("retention", "a mapping {raw, summaries}") is not { } map)
        {
            return standard;
        }
        var retention = settings.For(map);
        retention.RefuseUnknown(Keys);
        var (rawAge, rawBytes) = ReadLimits(retention, "raw", standard.RawAge, standard.RawBytes);
        var (summaryAge, summaryBytes) = ReadLimits(
            retention, "summaries",
            rawAge is null ? null : Later(standard.SummaryAge, rawAge), standard.SummaryBytes);
        if (summaryAge is { } kept && !(rawAge <= kept))
        {
            var raw = rawAge is { } age ? DurationText.Write(age) : "forever";
            retention.Problems.Add(
                retention.PlaceOf("summaries"),
                $"'summaries' are to be kept for {DurationText.Write(kept)}, but 'raw' for {raw}: summaries must be "
                + "kept at least as long as the samples that they sum up");
        }
        return new RetentionConfiguration
        {
            RawAge = rawAge,
            RawBytes = rawBytes,
            SummaryAge = summaryAge,
            SummaryBytes = summaryBytes,
        };
    }

    private static TimeSpan? Later(TimeSpan? left, TimeSpan? right) => left > right ? left : right;

    private static (TimeSpan? Age, long? Bytes) ReadLimits(
        Settings retention, string key, TimeSpan? standardAge, long? standardBytes)
    {
        if (retention.Node<YamlMap>(key, "a mapping {age, size}") is not { } map)
        {
            return (standardAge, standardBytes);
        }
        var limits = retention.For(map);
        limits.RefuseUnknown(LimitKeys);
        var age = limits.Value("age", "forever, or a duration of 1h or more, as 30d or 1y", ReadAge);
        var bytes = limits.Value("size", "unlimited, or a size of 1MB or more, as 500MB or 2GB", ReadSize);
        return (
            age is null ? standardAge : age == TimeSpan.MaxValue ? null : age,
            bytes is null ? standardBytes : bytes == long.MaxValue ? null : bytes);
    }

    private static TimeSpan? ReadAge(string text) => text == "forever" ? TimeSpan.MaxValue
        : DurationText.TryParse(text, out var age) && age >= LeastAge ? age
        : null;

    private static long? ReadSize(string text) => text == "unlimited" ? long.MaxValue
        : SizeText.Parse(text) is { } size && size >= LeastBytes ? size
        : null;
}
