using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Sonde.Samples;
using Sonde.Storage.Sql;
using Sonde.Storage.Sqlite;
using Sonde.Targets;
using Xunit;

namespace Sonde.SystemTests.Storage;

/// <summary>A small file system of the test's own in memory: full, and mounted read-only.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly string _mount = Directory.CreateTempSubdirectory("sonde-disk-").FullName;
    private readonly SeriesCatalog _catalog = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Run("umount", _mount);
        Directory.Delete(_mount, recursive: true);
    }

    [Fact]
    public async Task A_full_disk_is_said_and_when_there_is_room_again_everything_follows_once()
    {
        MountOrSkip();
        await using var store = Open();
        var first = await store.BeginRunAsync(Token);
        await store.AppendAsync(Batch(first), Token);
        await FillAsync();

        var stored = 1;
        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
        {
            for (; stored < 10_000; stored++)
            {
                await store.AppendAsync(Batch(first + stored), Token);
            }
        });
        var readWhileFull = await ReadAsync(store);
        File.Delete(Path.Combine(_mount, "ballast"));
        for (var n = stored - 1; n < stored + 10; n++)
        {
            await store.AppendAsync(Batch(first + n), Token);
        }

        Assert.Contains($"The disk that holds {_mount}/sonde.db is full", refused.Message, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(0, stored).Select(n => first + n), readWhileFull);
        Assert.Equal(Enumerable.Range(0, stored + 10).Select(n => first + n), await ReadAsync(store));
    }

    [Fact]
    public async Task With_a_disk_full_from_the_start_a_run_begins_and_its_samples_are_stored_when_there_is_room()
    {
        MountOrSkip();
        await FillAsync();
        await using var store = Open();
        var buffer = new StoreBuffer(new SampleBacklog(TimeProvider.System), new SampleSpool(_mount, _catalog));
        var writer = new StoreWriter(store, buffer, TimeProvider.System, NullLogger<StoreWriter>.Instance);

        var first = await writer.BeginRunAsync(Token);
        var problem = writer.Status.Problem;
        writer.Take(Batch(first), []);
        File.Delete(Path.Combine(_mount, "ballast"));
        writer.Start();
        await writer.DisposeAsync();

        Assert.NotNull(problem);
        Assert.Equal([first], await ReadAsync(store));
        Assert.True(await store.BeginRunAsync(Token) > first);
    }

    [Fact]
    public async Task A_read_only_file_system_is_said()
    {
        MountOrSkip();
        await using (var store = Open())
        {
            await store.BeginRunAsync(Token);
        }
        Assert.True(Run("mount", "-o", "remount,ro", _mount));
        await using var readOnly = Open();

        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(async () => await readOnly.BeginRunAsync(Token));

        Assert.Contains("cannot be written", refused.Message, StringComparison.Ordinal);
        using var snapshot = StoreSnapshot.Open(new SqliteDatabase(_mount));
        Assert.Empty(snapshot.Series);
    }

    private void MountOrSkip() =>
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", _mount), "mounting a file system needs root");

    private async Task FillAsync()
    {
        await using var ballast = new FileStream(Path.Combine(_mount, "ballast"), FileMode.Create, FileAccess.Write, FileShare.None, 0);
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            while (true)
            {
                await ballast.WriteAsync(new byte[4_096], Token);
            }
        });
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private SampleStore Open() => new(new SqliteDatabase(_mount), _catalog, TimeProvider.System, NullLogger<SampleStore>.Instance);

    private Sample[] Batch(long round) =>
    [
        new()
        {
            Series = _catalog.GetOrAdd(new SeriesKey(CheckId.Parse("icmp-a"), "local", 4, Quantity.Rtt)),
            Round = round,
            Index = 0,
            SentAtMilliseconds = 1_767_225_600_000,
        },
    ];

    private static async Task<List<long>> ReadAsync(SampleStore store)
    {
        var rounds = new List<long>();
        var key = new SeriesKey(CheckId.Parse("icmp-a"), "local", 4, Quantity.Rtt);
        await foreach (var batch in store.ReadAsync(key, long.MinValue, long.MaxValue, Token))
        {
            rounds.AddRange(batch.ToArray().Select(sample => sample.Round));
        }
        return rounds;
    }
}
