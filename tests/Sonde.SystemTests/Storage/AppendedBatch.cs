using Microsoft.Extensions.Logging.Abstractions;
using Sonde.Measurement;
using Sonde.Samples;
using Sonde.Storage.Sql;
using Sonde.Storage.Sqlite;
using Sonde.Targets;
using Xunit;

namespace Sonde.SystemTests.Storage;

/// <summary>What the appending process appends: a round of 40 series, and now and then a late sample; and whether it is all there.</summary>
internal static class AppendedBatch
{
    private const int SeriesCount = 40;

    /// <summary>The samples of a batch; their values follow from their identity.</summary>
    public static Sample[] Samples(SeriesCatalog catalog, long first, int batch)
    {
        var samples = new List<Sample>();
        for (var number = 0; number < SeriesCount; number++)
        {
            samples.Add(Sample(catalog.GetOrAdd(Key(number)), first + batch, 0));
        }
        if (batch >= 300 && batch % 3 == 0)
        {
            samples.Add(Sample(catalog.GetOrAdd(Key(batch % SeriesCount)), first + batch - 300, 1));   // into a block
        }
        return [.. samples];
    }

    /// <summary>Fails unless every acknowledged batch can be read, each sample once and as it was.</summary>
    /// <returns>How many samples there are.</returns>
    public static async Task<int> AssertStoredAsync(string directory, IReadOnlyCollection<long> acknowledgedRounds, string when)
    {
        var catalog = new SeriesCatalog();
        await using var store = new SampleStore(new SqliteDatabase(directory), catalog, TimeProvider.System, NullLogger<SampleStore>.Instance);
        var count = 0;
        for (var number = 0; number < SeriesCount; number++)
        {
            var stored = new HashSet<long>();
            var last = SampleIdentity.BeforeAll;
            await foreach (var batch in store.ReadAsync(Key(number), long.MinValue, long.MaxValue, CancellationToken.None))
            {
                foreach (var sample in batch.ToArray())
                {
                    Assert.True(SampleIdentity.Of(sample) > last, $"{when}: {sample} is there twice or out of order");
                    Assert.Equal(Sample(sample.Series, sample.Round, sample.Index), sample);
                    last = SampleIdentity.Of(sample);
                    stored.Add(sample.Round);
                    count++;
                }
            }
            var missing = acknowledgedRounds.Where(round => !stored.Contains(round)).ToList();
            Assert.True(missing.Count == 0, $"{when}: {missing.Count} of {acknowledgedRounds.Count} acknowledged rounds are missing");
        }
        return count;
    }

    private static SeriesKey Key(int number) => new(CheckId.Parse($"icmp-{number}"), "local", 4, Quantity.Rtt);

    private static Sample Sample(SeriesHandle series, long round, ushort index) => new()
    {
        Series = series,
        Round = round,
        Index = index,
        SentAtMilliseconds = 1_767_225_600_000 + ((round & uint.MaxValue) * 1_000) + index,
        Value = round % 11 == 0 ? 0 : 10_000 + (round * 7919 % 3_000),
        Loss = round % 11 == 0 ? LossReason.Timeout : LossReason.None,
        TimeToLive = round % 11 == 0 ? null : 57,
    };
}
