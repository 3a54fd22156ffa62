using Sonde.Samples;
using Sonde.Tests.Configuration;
using Xunit;

namespace Sonde.Tests.Samples;

/// <summary>A store on another machine: what waits for it is on this machine's disk within seconds.</summary>
public sealed class StoreWriterSpoolTests : IDisposable
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(5);

    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTimeProvider _time = new();
    private readonly SeriesCatalog _catalog = new();
    private readonly ScriptedStore _store = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task What_waits_longer_than_it_may_is_on_disk_also_what_the_store_was_just_given()
    {
        await using var writer = Start();
        _store.Problem = "The server is away.";
        writer.Take(Batch(1, 2), []);
        await _store.Refused.ReadAsync(Token);
        writer.Take(Batch(3, 2), []);

        await AdvanceAsync(MaxAge + StoreWriter.RetryInterval);

        Assert.Equal((0, 4), (writer.Status.WaitingSamples, writer.Status.SpooledSamples));
        Assert.Equal([1, 2, 3, 4], Spooled());   // kill -9 loses none of them
    }

    [Fact]
    public async Task What_does_not_wait_so_long_stays_in_memory()
    {
        await using var writer = Start();
        _store.Problem = "The server is away.";
        writer.Take(Batch(1, 2), []);
        await _store.Refused.ReadAsync(Token);

        await AdvanceAsync(MaxAge - StoreWriter.RetryInterval);

        Assert.Equal((2, 0), (writer.Status.WaitingSamples, writer.Status.SpooledSamples));
    }

    [Fact]
    public async Task It_follows_in_order_once_and_leaves_no_file_when_the_store_works_again()
    {
        await using var writer = Start();
        _store.Problem = "The server is away.";
        for (var round = 1; round < 40; round += 2)
        {
            writer.Take(Batch(round, 2), []);
            await AdvanceAsync(StoreWriter.RetryInterval);
        }
        var during = writer.Status;

        _store.Problem = null;
        _time.Advance(StoreWriter.RetryInterval);
        var stored = await AppendedAsync(40);
        await writer.DisposeAsync();

        Assert.Equal(40, during.WaitingSamples + during.SpooledSamples);
        Assert.True(during.SpooledSamples > 20, $"{during.SpooledSamples} are in the spool");
        Assert.Equal(Enumerable.Range(1, 40).Select(n => (long)n), stored);
        Assert.False(_store.Appended.TryRead(out _), "something was stored twice");
        Assert.Equal((0, 0, 40), (writer.Status.WaitingSamples, writer.Status.SpooledSamples, writer.Status.StoredSamples));
        Assert.Empty(Directory.GetFiles(_directory.File("spool")));
    }

    [Fact]
    public async Task A_store_that_hangs_keeps_nothing_in_memory_either()
    {
        var answer = new TaskCompletionSource();
        _store.Hang = answer.Task;
        await using var writer = Start();
        writer.Take(Batch(1, 2), []);
        await _time.Armed;
        writer.Take(Batch(3, 2), []);

        while (writer.Status.SpooledSamples < 4)
        {
            _time.Advance(StoreWriter.RetryInterval);
            await Task.Yield();
        }

        Assert.Equal([1, 2, 3, 4], Spooled());
        _store.Hang = null;
        answer.SetResult();
        Assert.Equal([1, 2, 3, 4], await AppendedAsync(4));
        await writer.DisposeAsync();
        Assert.Empty(Directory.GetFiles(_directory.File("spool")));
        Assert.Equal(4, writer.Status.StoredSamples);
    }

    // each try of the writer is refused: so one more try is the sign that the turn before has ended
    private async Task AdvanceAsync(TimeSpan by)
    {
        await _time.Armed;
        for (var passed = TimeSpan.Zero; passed <= by; passed += StoreWriter.RetryInterval)
        {
            while (_store.Refused.TryRead(out _))
            {
            }
            _time.Advance(StoreWriter.RetryInterval);
            await _store.Refused.ReadAsync(Token);
        }
    }

    private List<long> Spooled()
    {
        var spool = new SampleSpool(_directory.Path, new SeriesCatalog());
        var segments = new DirectoryInfo(spool.DirectoryPath).GetFiles().Select(SpoolSegment.FromFile)
            .OfType<SpoolSegment>().OrderBy(segment => segment.Number);
        return [.. segments.SelectMany(spool.Read).SelectMany(batch => batch).Select(sample => sample.Round)];
    }

    private async Task<List<long>> AppendedAsync(int count)
    {
        var rounds = new List<long>();
        while (rounds.Count < count)
        {
            rounds.AddRange((await _store.Appended.ReadAsync(Token)).Select(sample => sample.Round));
        }
        return rounds;
    }

    private StoreWriter Start()
    {
        var buffer = new StoreBuffer(
            new SampleBacklog(_time), new SampleSpool(_directory.Path, _catalog), maxAge: MaxAge);
        var writer = new StoreWriter(_store, buffer, _time, new GatheringLogger<StoreWriter>());
        writer.Start();
        return writer;
    }

    private Sample[] Batch(long firstRound, int count) =>
        [.. Given.Samples(_catalog.GetOrAdd(Given.Series("icmp-a")), firstRound, count)];
}
