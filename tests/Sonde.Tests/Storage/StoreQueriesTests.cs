using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Sonde.Measurement;
using Sonde.Samples;
using Sonde.Storage.Sql;
using Sonde.Storage.Sqlite;
using Xunit;

namespace Sonde.Tests.Storage;

/// <summary>The queries of docs/store.md, which people copy into Grafana, give what the samples say.</summary>
public sealed partial class StoreQueriesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Each_query_of_the_documentation_works_and_agrees_with_the_samples()
    {
        var samples = await MakeAsync();
        using var connection = new SqliteConnection($"Data Source={_directory.File(SqliteFile.Name)};Pooling=False");
        connection.Open();
        var page = await File.ReadAllTextAsync(Documentation(), Token);
        var section = page[page.IndexOf("### Asking it with SQL", StringComparison.Ordinal)..];
        var queries = Sql().Matches(section[..section.IndexOf("\n## ", StringComparison.Ordinal)])
            .Select(match => match.Groups[1].Value).ToList();

        var results = queries.Select(query => Read(connection, query)).ToList();

        Assert.Equal(5, results.Count);
        var sealedCount = (long)Read(connection, "SELECT SUM(sent) FROM block")[0][0];
        var inBlocks = samples[..(int)sealedCount];
        var answered = inBlocks.Where(sample => !sample.IsLost).Select(sample => sample.Value / 1_000.0).ToList();
        var mean = answered.Average();
        var day = Assert.Single(results[0]);
        Assert.Equal("2026-01-01", day[0]);
        Assert.Equal(inBlocks.Count(sample => sample.IsLost) / (double)sealedCount, (double)day[1], 12);
        Assert.Equal(mean, (double)day[2], 9);
        Assert.Equal(Math.Sqrt(answered.Average(value => (value - mean) * (value - mean))), (double)day[3], 6);
        Assert.True(results[2].Count > 5);
        Assert.Equal<object>(["icmp-router", "timeout", (long)inBlocks.Count(sample => sample.IsLost)], Assert.Single(results[3]));
    }

    private async Task<List<Sample>> MakeAsync()
    {
        var catalog = new SeriesCatalog();
        await using var store = new SampleStore(
            new SqliteDatabase(_directory.Path), catalog, TimeProvider.System, NullLogger<SampleStore>.Instance);
        var samples = Given.Samples(catalog.GetOrAdd(Given.Series("icmp-router")), 1, 10_000)
            .Select(sample => sample.Round % 10 == 3 ? sample with { Value = 0, Loss = LossReason.Timeout } : sample)
            .ToList();
        for (var done = 0; done < samples.Count; done += 500)
        {
            await store.AppendAsync(samples[done..(done + 500)].ToArray(), Token);
        }
        await store.AppendAsync(default, Token);
        return samples;
    }

    private static List<object[]> Read(SqliteConnection connection, string query)
    {
        using var command = connection.CreateCommand();
        command.CommandText = query;
        using var rows = command.ExecuteReader();
        var read = new List<object[]>();
        while (rows.Read())
        {
            var row = new object[rows.FieldCount];
            rows.GetValues(row);
            read.Add(row);
        }
        return read;
    }

    private static string Documentation()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Sonde.slnx")))
            {
                return Path.Combine(folder.FullName, "docs", "store.md");
            }
        }
        throw new InvalidOperationException("The tests run outside of the repository.");
    }

    [GeneratedRegex("```sql\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Sql();
}
