using Sonde.Samples;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Samples;

/// <summary>After a restart the windows are those of the store.</summary>
public sealed class LiveLoadTests : IAsyncDisposable
{
    private const long FirstRoundOfThisRun = 5_000;
    private readonly Check _check = LiveLab.CheckOf("icmp-a");
    private readonly LiveLab _lab;
    private readonly ListSampleStore _store;

    public LiveLoadTests()
    {
        _lab = new LiveLab(_check);
        _store = new ListSampleStore(_lab.Catalog);
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Theory]
    [InlineData(30)]
    [InlineData(250)]
    [InlineData(3_500)]
    public async Task The_windows_after_a_restart_equal_the_store(int outageSeconds)
    {
        StoreHour(outageSeconds);

        await LoadAsync();

        Assert.InRange(_lab.View(_check).Series[0].SixtyMinutes.Window.Sent, 1, 3_600);
        _lab.AssertWindowsEqualTheList();
        Measure(120);
        _lab.AssertWindowsEqualTheList();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(30)]   // while it loads, as long passes as seals samples of this run
    public async Task Samples_that_arrive_while_it_loads_are_neither_lost_nor_doubled(int roundsPerBatch)
    {
        StoreHour(outageSeconds: 10);
        var next = FirstRoundOfThisRun;
        _store.BeforeBatch = () =>
        {
            for (var i = 0; i < roundsPerBatch; i++)
            {
                _lab.Round(_check, next++, 2_000);
                _store.Samples.Add(_lab.Given[^1]);   // the store has it at once, and gives it back, too
                _lab.Pass(1);
                _lab.Live.Tick();
            }
        };

        await LoadAsync();
        _store.BeforeBatch = () => { };

        _lab.AssertWindowsEqualTheList();
        Assert.Equal(0, _lab.Live.TooLate);
    }

    [Fact]
    public async Task Uptime_and_state_go_on_after_a_restart()
    {
        StoreHour(outageSeconds: 3);

        await LoadAsync();

        Assert.Equal(CheckState.Degraded, _lab.StateOf(_check));
        Assert.InRange(_lab.View(_check).Rounds.UptimeRatio!.Value, 0.85, 0.95);
    }

    [Fact]
    public async Task Rounds_of_two_families_count_by_themselves_after_a_restart_too()
    {
        var both = LiveLab.CheckOf("icmp-both", family: FamilyChoice.Both);
        _lab.Live.SetChecks([both]);
        for (var round = 1L; round <= 1_000; round++)
        {
            _store.Samples.Add(LiveLab.SampleOf(_lab.SeriesOf(both, 4), round, _lab.Now, null));
            _store.Samples.Add(LiveLab.SampleOf(_lab.SeriesOf(both, 6), round, _lab.Now, round % 4 == 0 ? null : 1_000));
            _lab.Pass(1);
        }

        await LoadAsync();

        Assert.Equal(0.375, _lab.View(both).Rounds.UptimeRatio);
        Assert.Equal([0, 0.75], _lab.View(both).Series.Select(series => series.Rounds.UptimeRatio));
    }

    [Fact]
    public async Task Series_of_checks_that_left_the_file_are_not_loaded()
    {
        StoreHour(outageSeconds: 0);
        _lab.Live.SetChecks([]);

        await LoadAsync();

        Assert.Empty(_lab.Live.All(_lab.Now));
    }

    private Task LoadAsync() => _lab.Live.LoadAsync(_store, FirstRoundOfThisRun, TestContext.Current.CancellationToken);

    private void StoreHour(int outageSeconds)
    {
        var series = _lab.SeriesOf(_check);
        for (var round = 1L; round <= 4_000; round++)
        {
            _store.Samples.Add(LiveLab.SampleOf(series, round, _lab.Now, round % 10 == 0 ? null : round * 7919 % 50_000));
            _lab.Pass(1);
        }
        _lab.Given.AddRange(_store.Samples);
        _lab.Pass(outageSeconds);
    }

    private void Measure(int rounds)
    {
        for (var round = FirstRoundOfThisRun; round < FirstRoundOfThisRun + rounds; round++)
        {
            _lab.Round(_check, round, 3_000);
            _lab.Pass(1);
        }
    }
}
