using System.Globalization;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Sonde.SystemTests.Executable;

/// <summary>One line of <c>sonde export</c>.</summary>
internal sealed record StoredSample
{
    public const string Header =
        "check,vantagePoint,family,quantity,round,index,sentAt,value,unit,loss,suspect,duplicates,ttl";

    public required string Check { get; init; }

    public required long Round { get; init; }

    public required int Index { get; init; }

    public required DateTimeOffset SentAt { get; init; }

    /// <summary>Microseconds; null when it was lost.</summary>
    public long? Rtt { get; init; }

    /// <summary>Why it was lost; empty when it was answered.</summary>
    public required string Loss { get; init; }

    public required bool IsSuspect { get; init; }

    public required int Duplicates { get; init; }

    /// <summary>What tells it from every other sample.</summary>
    public (string, long, int) Identity => (Check, Round, Index);

    /// <summary>Has a second process export everything that is stored.</summary>
    public static async Task<IReadOnlyList<StoredSample>> ExportAsync(
        string data, CancellationToken cancellation, params IEnumerable<string> options)
    {
        var export = await SondeCommand.RunAsync(cancellation, ["export", "--data", data, .. options]);
        Assert.True(export.ExitCode == 0, export.Errors);
        Assert.Equal(Header, export.Lines[0]);
        return [.. export.Lines.Skip(1).Select(Parse)];
    }

    /// <summary>The same, in the order of each check's rounds.</summary>
    public static async Task<ILookup<string, StoredSample>> ExportByCheckAsync(
        string data, CancellationToken cancellation) =>
        (await ExportAsync(data, cancellation)).OrderBy(sample => sample.Round).ThenBy(sample => sample.Index)
        .ToLookup(sample => sample.Check);

    /// <summary>The marks of the store: their kinds and texts, in time order.</summary>
    public static IReadOnlyList<(int Kind, string Text)> ReadMarks(string data)
    {
        using var connection = new SqliteConnection($"Data Source={data}/sonde.db;Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT kind, text FROM mark ORDER BY at_ms";
        using var rows = command.ExecuteReader();
        var marks = new List<(int, string)>();
        while (rows.Read())
        {
            marks.Add((rows.GetInt32(0), rows.GetString(1)));
        }
        return marks;
    }

    /// <summary>Reads a line of CSV; ids hold neither commas nor quotes.</summary>
    public static StoredSample Parse(string line)
    {
        var fields = line.Split(',');
        return new StoredSample
        {
            Check = fields[0],
            Round = long.Parse(fields[4], CultureInfo.InvariantCulture),
            Index = int.Parse(fields[5], CultureInfo.InvariantCulture),
            SentAt = DateTimeOffset.Parse(fields[6], CultureInfo.InvariantCulture),
            Rtt = fields[7].Length == 0 ? null : long.Parse(fields[7], CultureInfo.InvariantCulture),
            Loss = fields[9],
            IsSuspect = bool.Parse(fields[10]),
            Duplicates = int.Parse(fields[11], CultureInfo.InvariantCulture),
        };
    }
}
