using System.Collections.Immutable;
using Sonde.Samples;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Samples;

public sealed class LiveStreamTests
{
    private readonly Check _a = LiveLab.CheckOf("icmp-a");
    private readonly Check _b = LiveLab.CheckOf("icmp-b");
    private readonly LiveLab _lab;
    private readonly LiveStream _stream;

    public LiveStreamTests()
    {
        _lab = new LiveLab(_a, _b);
        _stream = new LiveStream(_lab.Live, _lab.Catalog, _lab.Time);
    }

    [Fact]
    public async Task A_reader_of_all_checks_is_told_once_a_second_and_only_what_changed()
    {
        using var reader = _stream.TryFollowAll(lastEventId: null)!;

        Round(_a, 1);
        Round(_a, 2);
        Round(_b, 1);
        Tick();
        Tick();
        Round(_b, 2);
        Tick();

        var first = Assert.IsType<LiveEvent.Changed>(await Next(reader));
        Assert.Equal(["icmp-a", "icmp-b"], first.Checks.Select(view => view.Check.Id.Value));
        Assert.Equal(2, first.Checks[0].Series[0].OneMinute.Window.Sent);
        var second = Assert.IsType<LiveEvent.Changed>(await Next(reader));
        Assert.Equal(["icmp-b"], second.Checks.Select(view => view.Check.Id.Value));
        Assert.True(second.Id > first.Id);
    }

    [Fact]
    public async Task A_reader_of_one_check_gets_each_of_its_samples_and_no_others()
    {
        using var reader = _stream.TryFollow(_a.Id, lastEventId: null)!;

        Round(_b, 1);
        Round(_a, 1);
        Round(_a, 2);

        Assert.Equal([1, 2], Rounds(await Take(reader, 2)));
    }

    [Fact]
    public async Task A_slow_reader_loses_the_oldest_and_the_loss_is_counted()
    {
        using var slow = _stream.TryFollow(_a.Id, lastEventId: null)!;

        for (var round = 1; round <= LiveReader.Capacity + 10; round++)
        {
            Round(_a, round);
        }

        Assert.Equal(10, slow.Dropped);
        var events = await Take(slow, 2);
        Assert.Equal(10, Assert.IsType<LiveEvent.Missed>(events[0]).Count);
        Assert.Equal([11], Rounds(events));
        Assert.True(events[0].Id < events[1].Id);
    }

    [Fact]
    public async Task Who_comes_back_to_a_check_within_half_a_minute_misses_nothing()
    {
        var first = _stream.TryFollow(_a.Id, lastEventId: null)!;
        Round(_a, 1);
        var last = (await Next(first)).Id;
        first.Dispose();
        for (var round = 2; round <= 20; round++)
        {
            _lab.Pass(1);
            Round(_a, round);
            Tick();
        }

        using var again = _stream.TryFollow(_a.Id, last)!;
        Round(_a, 21);

        Assert.Equal(Enumerable.Range(2, 20).Select(i => (long)i), Rounds(await Take(again, 20)));
    }

    [Fact]
    public async Task Who_comes_back_to_a_check_too_late_is_told_to_load_anew()
    {
        using var first = _stream.TryFollow(_a.Id, lastEventId: null)!;
        Round(_a, 1);
        var last = (await Next(first)).Id;
        for (var round = 2; round <= 50; round++)
        {
            _lab.Pass(1);
            Round(_a, round);
        }

        using var again = _stream.TryFollow(_a.Id, last)!;

        Assert.IsType<LiveEvent.Reset>(await Next(again));
    }

    [Theory]
    [InlineData(0)]                // of an earlier run
    [InlineData(long.MaxValue)]    // of nobody
    [InlineData(-5)]
    public async Task An_event_id_of_another_run_is_told_to_load_anew(long foreign)
    {
        using var one = _stream.TryFollow(_a.Id, foreign)!;
        using var all = _stream.TryFollowAll(foreign)!;

        Assert.IsType<LiveEvent.Reset>(await Next(one));
        Assert.IsType<LiveEvent.Reset>(await Next(all));
    }

    [Fact]
    public async Task Who_comes_back_to_all_checks_is_told_what_changed_meanwhile()
    {
        var first = _stream.TryFollowAll(lastEventId: null)!;
        Round(_a, 1);
        Tick();
        var last = (await Next(first)).Id;
        first.Dispose();
        Round(_b, 1);
        _lab.Pass(3_600);

        using var again = _stream.TryFollowAll(last)!;

        var missed = Assert.IsType<LiveEvent.Changed>(await Next(again));
        Assert.Equal(["icmp-b"], missed.Checks.Select(view => view.Check.Id.Value));
    }

    [Fact]
    public async Task A_reload_tells_every_reader_to_load_anew()
    {
        using var one = _stream.TryFollow(_a.Id, lastEventId: null)!;
        using var all = _stream.TryFollowAll(lastEventId: null)!;

        _lab.Live.SetChecks([_b]);
        Tick();

        Assert.IsType<LiveEvent.Reset>(await Next(one));
        Assert.IsType<LiveEvent.Reset>(await Next(all));
    }

    [Fact]
    public void Readers_are_bounded_and_leave_room_when_they_go()
    {
        var readers = Enumerable.Range(0, LiveStream.MaxReaders)
            .Select(i => i % 2 == 0 ? _stream.TryFollowAll(null)! : _stream.TryFollow(_a.Id, null)!).ToArray();

        Assert.Null(_stream.TryFollowAll(null));
        Assert.Null(_stream.TryFollow(_a.Id, null));
        foreach (var reader in readers)
        {
            reader.Dispose();
            reader.Dispose();   // twice does no harm
        }
        Assert.Equal(0, _stream.ReaderCount);
        _stream.TryFollowAll(null)!.Dispose();
    }

    [Fact]
    public async Task A_disposed_reader_ends()
    {
        var reader = _stream.TryFollowAll(lastEventId: null)!;

        reader.Dispose();

        Assert.Empty(await reader.ReadAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Without_readers_it_allocates_nothing_also_half_a_minute_after_the_last_has_left()
    {
        _stream.TryFollow(_a.Id, lastEventId: null)!.Dispose();
        _lab.Pass(31);
        Tick();
        var sample = LiveLab.SampleOf(_lab.SeriesOf(_a), 1, _lab.Now, 1_000);
        _stream.Take([sample], []);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1_000; i++)
        {
            _stream.Take([sample], []);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private void Round(Check check, long number)
    {
        _lab.Round(check, number, 1_000);
        _stream.Take([_lab.Given[^1]], []);
    }

    private void Tick()
    {
        _lab.Live.Tick();
        _stream.Tick();
    }

    private static async Task<LiveEvent> Next(LiveReader reader) => (await Take(reader, 1))[0];

    private static async Task<ImmutableArray<LiveEvent>> Take(LiveReader reader, int count)
    {
        var token = TestContext.Current.CancellationToken;
        return [.. await reader.ReadAsync(token).Where(e => e is not LiveEvent.Changed { Checks: [] }).Take(count).ToListAsync(token)];
    }

    private static IEnumerable<long> Rounds(IEnumerable<LiveEvent> events) =>
        events.OfType<LiveEvent.Sampled>().SelectMany(e => e.Samples).Select(sample => sample.Round);
}
