using Sonde.Samples;
using Sonde.Tests.Configuration;
using Xunit;

namespace Sonde.Tests.Samples;

public sealed class StoreWriterTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTimeProvider _time = new();
    private readonly SeriesCatalog _catalog = new();
    private readonly ScriptedStore _store = new();
    private readonly GatheringLogger<StoreWriter> _log = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_first_samples_are_stored_at_once()
    {
        await using var writer = Start();

        writer.Take(Batch(1, 3).ToArray(), []);

        Assert.Equal(Batch(1, 3), await _store.Appended.ReadAsync(Token));
    }

    [Fact]
    public async Task Later_samples_are_stored_as_soon_as_they_are_handed_over()
    {
        await using var writer = Start();
        writer.Take(Batch(1, 1).ToArray(), []);
        await _store.Appended.ReadAsync(Token);

        writer.Take(Batch(2, 2).ToArray(), []);
        writer.Take(Batch(4, 1).ToArray(), []);

        Assert.Equal(Batch(2, 3), await AppendedAsync(3));
    }

    [Fact]
    public async Task What_the_store_refuses_follows_in_order_when_it_works_again_and_the_problem_is_said_meanwhile()
    {
        await using var writer = Start();
        _store.Problem = "The disk is full.";
        writer.Take(Batch(1, 2).ToArray(), []);
        await _store.Refused.ReadAsync(Token);
        writer.Take(Batch(3, 2).ToArray(), []);
        _time.Advance(StoreWriter.RetryInterval);
        await _store.Refused.ReadAsync(Token);
        var during = writer.Status;

        _store.Problem = null;
        _time.Advance(StoreWriter.RetryInterval);
        Assert.Equal(Batch(1, 4), await AppendedAsync(4));
        await writer.DisposeAsync();

        Assert.Equal(("The disk is full.", 4, 0), (during.Problem, during.WaitingSamples, during.StoredSamples));
        Assert.Equal((null, 0, 4), (writer.Status.Problem, writer.Status.WaitingSamples, writer.Status.StoredSamples));
    }

    [Fact]
    public async Task At_the_end_what_the_store_refuses_goes_to_the_spool_and_the_next_process_stores_it()
    {
        _store.Problem = "gone";
        await using (var writer = Start())
        {
            writer.Take(Batch(1, 5).ToArray(), []);
            await _store.Refused.ReadAsync(Token);
            writer.Take(Batch(6, 5).ToArray(), []);
        }

        _store.Problem = null;
        var next = new SeriesCatalog();
        next.GetOrAdd(Given.Series("icmp-other"));   // the handles of the next process differ
        await using var second = Start(next);

        var stored = await AppendedAsync(10);
        await second.DisposeAsync();
        Assert.All(stored, sample => Assert.Equal(Given.Series("icmp-a"), next.KeyOf(sample.Series)));
        Assert.Equal(Enumerable.Range(1, 10).Select(n => (long)n), stored.Select(sample => sample.Round).Order());
        Assert.Empty(Directory.GetFiles(_directory.File("spool")));
    }

    [Fact]
    public async Task Beyond_memory_samples_spool_and_come_back_in_order()
    {
        _store.Problem = "gone";
        await using var writer = Start(memory: 100_000);
        writer.Take(Batch(1, 1).ToArray(), []);
        await _store.Refused.ReadAsync(Token);
        writer.Take(Batch(2, 20_000).ToArray(), []);
        _time.Advance(StoreWriter.RetryInterval);
        await _store.Refused.ReadAsync(Token);
        _time.Advance(StoreWriter.RetryInterval);
        await _store.Refused.ReadAsync(Token);
        var during = writer.Status;

        _store.Problem = null;
        _time.Advance(StoreWriter.RetryInterval);
        var rounds = (await AppendedAsync(20_001)).Select(sample => sample.Round);

        Assert.True(during.SpooledSamples > 0, "nothing was spooled");
        Assert.Equal(20_001, during.SpooledSamples + during.WaitingSamples);
        Assert.Equal(Enumerable.Range(1, 20_001).Select(n => (long)n), rounds);
    }

    [Fact]
    public async Task What_neither_memory_nor_spool_can_hold_is_dropped_oldest_first_counted_and_told_once()
    {
        File.WriteAllText(_directory.File("spool"), "in the way: no directory can be made here");
        _store.Problem = "gone";
        var told = new List<SampleSpan>();
        await using var writer = Start(memory: 100_000);
        writer.Dropped += told.Add;
        writer.Take(Batch(1, 1).ToArray(), []);
        await _store.Refused.ReadAsync(Token);
        writer.Take(Batch(2, 30_000).ToArray(), []);

        var dropped = writer.Status.DroppedSamples;
        _store.Problem = null;
        await writer.DisposeAsync();
        var rounds = new List<long>();
        while (_store.Appended.TryRead(out var batch))
        {
            rounds.AddRange(batch.Select(sample => sample.Round));
        }

        Assert.InRange(dropped, 1, 30_000);
        Assert.Equal(30_001 - dropped, rounds.Count);
        Assert.Equal(30_001, rounds[^1]);
        Assert.Equal(dropped, Assert.Single(told).Count);
    }

    [Fact]
    public async Task Taking_samples_allocates_nothing_while_the_store_keeps_up()
    {
        var backlog = new SampleBacklog(_time);
        var batch = Batch(1, 1_000).ToArray();
        Cycle(backlog, batch);
        Cycle(backlog, batch);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var n = 0; n < 100; n++)
        {
            Cycle(backlog, batch);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100 * 200);   // a chunk's record a time, nothing a sample
        await Task.CompletedTask;
    }

    [Fact]
    public async Task A_run_begins_also_when_the_store_cannot_say_its_number()
    {
        await using var writer = Start();
        _store.Problem = "The directory cannot be written.";

        var first = await writer.BeginRunAsync(Token);

        Assert.True(first > RunNumber.FirstRound(100_000_000));
        Assert.Equal("The directory cannot be written.", writer.Status.Problem);
    }

    [Fact]
    public async Task It_works_again_only_when_something_was_stored()
    {
        _store.Problem = "The directory cannot be written.";
        await using var writer = Start();
        await writer.BeginRunAsync(Token);
        await _time.Armed;
        await AdvanceUntilAsync(_store.Refused.WaitToReadAsync(Token).AsTask());

        writer.Take(Batch(1, 1).ToArray(), []);
        Assert.Equal(["Error: The store takes no samples; measuring goes on and they wait. " + _store.Problem], _log.Lines);
        _store.Problem = null;
        await AdvanceUntilAsync(_store.Appended.WaitToReadAsync(Token).AsTask());
        await writer.DisposeAsync();

        Assert.Equal("Information: The store works again; all samples that waited are stored", _log.Lines[^1]);
        Assert.Equal(2, _log.Lines.Count);
    }

    [Fact]
    public async Task A_store_that_goes_while_nothing_is_to_be_stored_is_noticed()
    {
        await using var writer = Start();
        _store.Problem = "The directory was removed.";

        await AdvanceUntilAsync(_store.Refused.WaitToReadAsync(Token).AsTask());
        await writer.DisposeAsync();

        Assert.Equal("The directory was removed.", writer.Status.Problem);
    }

    [Fact]
    public async Task At_the_end_it_says_where_the_samples_are_that_were_not_stored()
    {
        _store.Problem = "The disk is full.";
        await using (var writer = Start())
        {
            writer.Take(Batch(1, 5).ToArray(), []);
            await _store.Refused.ReadAsync(Token);
        }

        Assert.Equal(
            $"Warning: 5 samples that the store did not take are in {_directory.File("spool")}; the next run stores them",
            _log.Lines[^1]);
    }

    [Fact]
    public async Task At_the_end_it_says_how_many_samples_are_lost_and_why()
    {
        File.WriteAllText(_directory.File("spool"), "in the way: no directory can be made here");
        _store.Problem = "The disk is full.";
        await using (var writer = Start())
        {
            writer.Take(Batch(1, 5).ToArray(), []);
            await _store.Refused.ReadAsync(Token);
        }

        var lost = Assert.Single(_log.Lines, line => line.Contains("lost", StringComparison.Ordinal));
        Assert.StartsWith(
            $"Error: 5 samples could not be stored and are lost: {_directory.File("spool")} could not be written (", lost,
            StringComparison.Ordinal);
        Assert.EndsWith(". The disk is full.", lost, StringComparison.Ordinal);
        Assert.DoesNotContain(_log.Lines, line => line.Contains("works again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_write_is_made_again_until_it_succeeds()
    {
        var tries = 0;
        var made = new TaskCompletionSource();
        await using var writer = Start();

        writer.Write(_ =>
        {
            if (++tries == 1)
            {
                throw new StoreUnavailableException("not now");
            }
            made.SetResult();
            return ValueTask.CompletedTask;
        });
        await AdvanceUntilAsync(made.Task);

        Assert.Equal(2, tries);
    }

    private async Task<List<Sample>> AppendedAsync(int count)
    {
        var samples = new List<Sample>();
        while (samples.Count < count)
        {
            samples.AddRange(await _store.Appended.ReadAsync(Token));
        }
        return samples;
    }

    private async Task AdvanceUntilAsync(Task done)
    {
        await _time.Armed;
        while (!done.IsCompleted)
        {
            _time.Advance(StoreWriter.RetryInterval);
            await Task.Yield();
        }
    }

    private static void Cycle(SampleBacklog backlog, Sample[] batch)
    {
        backlog.Add(batch);
        Assert.True(backlog.TryTake(out var chunk));
        backlog.GiveBack(chunk);
    }

    private StoreWriter Start(SeriesCatalog? catalog = null, long memory = 64 << 20)
    {
        var buffer = new StoreBuffer(
            new SampleBacklog(_time), new SampleSpool(_directory.Path, catalog ?? _catalog), memory);
        var writer = new StoreWriter(_store, buffer, _time, _log);
        writer.Start();
        return writer;
    }

    private List<Sample> Batch(long firstRound, int count) =>
        Given.Samples(_catalog.GetOrAdd(Given.Series("icmp-a")), firstRound, count);
}
