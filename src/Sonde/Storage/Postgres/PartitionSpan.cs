using System.Globalization;

namespace Sonde.Storage.Postgres;

/// <summary>
/// The time that a partition holds: a year of <c>block</c> and <c>day</c>, a week from Monday on of
/// <c>block_bytes</c>, UTC. What was sent before 2000 or from 2100 on, by a clock that was wrong, has one partition for
/// all of it.
/// </summary>
/// <param name="Name">The partition's name: <c>block_2026</c>, <c>block_bytes_20260105</c>.</param>
/// <param name="From">Milliseconds since 1970 UTC, inclusive.</param>
/// <param name="To">Milliseconds since 1970 UTC, exclusive.</param>
internal readonly record struct PartitionSpan(string Name, long From, long To)
{
    /// <summary>The tables that have partitions.</summary>
    public static readonly string[] Tables = ["block", "block_bytes", "day"];

    private const string Day = "yyyyMMdd";

    private static readonly DateTime First = new(2000, 1, 3, 0, 0, 0, DateTimeKind.Utc);   // both are Mondays
    private static readonly DateTime End = new(2100, 1, 4, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>The partition of a table that holds what was sent then.</summary>
    public static PartitionSpan Of(string table, long milliseconds)
    {
        if (milliseconds < ToMilliseconds(First))
        {
            return Before(table);
        }
        if (milliseconds >= ToMilliseconds(End))
        {
            return Behind(table);
        }
        var at = DateTime.UnixEpoch.AddMilliseconds(milliseconds);
        var isYear = table != "block_bytes";
        var begin = isYear
            ? new DateTime(at.Year, 1, 1, 0, 0, 0, DateTimeKind.Utc)
            : at.Date.AddDays(-(((int)at.DayOfWeek + 6) % 7));
        var end = isYear ? begin.AddYears(1) : begin.AddDays(7);
        var name = begin.ToString(isYear ? "yyyy" : Day, CultureInfo.InvariantCulture);
        return new PartitionSpan(
            $"{table}_{name}",
            Math.Max(ToMilliseconds(begin), ToMilliseconds(First)),
            Math.Min(ToMilliseconds(end), ToMilliseconds(End)));
    }

    /// <summary>The span of a partition by its name; null when the name is none of ours.</summary>
    public static PartitionSpan? Parse(string table, string name)
    {
        if (name == Before(table).Name)
        {
            return Before(table);
        }
        if (name == Behind(table).Name)
        {
            return Behind(table);
        }
        var from = name[Math.Min(name.Length, table.Length + 1)..];
        var isOurs = DateTime.TryParseExact(
            table != "block_bytes" ? from + "0103" : from, Day, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var day);
        var span = isOurs ? Of(table, ToMilliseconds(day)) : default;
        return isOurs && span.Name == name ? span : null;
    }

    private static PartitionSpan Before(string table) =>
        new($"{table}_before_2000", long.MinValue, ToMilliseconds(First));

    private static PartitionSpan Behind(string table) => new($"{table}_from_2100", ToMilliseconds(End), long.MaxValue);

    private static long ToMilliseconds(DateTime time) => (long)(time - DateTime.UnixEpoch).TotalMilliseconds;
}
