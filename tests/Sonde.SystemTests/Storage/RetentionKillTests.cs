using System.Globalization;
using Sonde.Storage.Sql;
using Sonde.Storage.Sqlite;
using Xunit;

namespace Sonde.SystemTests.Storage;

/// <summary>kill -9 while old samples are being deleted: the store is sound, and what must be kept is there.</summary>
public sealed class RetentionKillTests
{
    private const int KeptSeconds = 700;

    [Fact]
    public async Task A_kill_in_the_middle_of_retention_leaves_a_sound_store_with_all_that_must_be_kept()
    {
        var token = TestContext.Current.CancellationToken;
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var directory = Directory.CreateTempSubdirectory("sonde-retention-kill-").FullName;
        try
        {
            for (var kill = 1; kill <= 8; kill++)
            {
                using var process = AppendingProcess.Start(directory, environment: new()
                {
                    [AppendingProcess.KeepVariable] = KeptSeconds.ToString(CultureInfo.InvariantCulture),
                });
                var last = 0L;
                var first = 0L;
                for (var left = random.Next(900, 1_800); left > 0; left--)
                {
                    last = long.Parse((await process.StandardOutput.ReadLineAsync(token))!, CultureInfo.InvariantCulture);
                    first = first == 0 ? last : first;
                }
                Thread.SpinWait(random.Next(200_000));
                process.Kill();
                await process.WaitForExitAsync(token);

                AssertSound(directory, Math.Max(first, last - KeptSeconds), last, $"kill {kill} (seed {seed})");
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static void AssertSound(string directory, long from, long last, string when)
    {
        var damages = new List<string>();
        new StoreCheckup(new SqliteDatabase(directory), damages.Add, (_, _) => { }).Run(CancellationToken.None);
        Assert.True(damages.Count == 0, $"{when}: {string.Join('\n', damages)}");
        using var snapshot = StoreSnapshot.Open(new SqliteDatabase(directory));
        foreach (var series in snapshot.Series)
        {
            var rounds = snapshot.Read(series, long.MinValue, long.MaxValue)
                .SelectMany(batch => batch).Select(sample => sample.Round).ToHashSet();
            for (var round = from; round <= last; round++)
            {
                Assert.True(rounds.Contains(round), $"{when}: round {round} of {series.Key} is missing");
            }
        }
    }
}
