using Sonde.Samples;
using Sonde.Tests.Configuration;
using Xunit;

namespace Sonde.Tests.Samples;

public sealed class SamplePipelineTests
{
    private const int Capacity = 1 << 20;
    private static readonly SeriesHandle Series = new(3);
    private readonly GatheringLogger<SamplePipeline> _logger = new();
    private readonly ManualTimeProvider _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_sink_gets_everything_in_the_order_of_publishing()
    {
        var (first, second) = (new GatheringSink(), new GatheringSink());
        using var pipeline = Make(first, second);
        var samples = Given.Samples(Series, 0, 30);

        pipeline.Publish(samples.ToArray().AsSpan(0, 10), [Round(1)]);
        pipeline.Publish(samples.ToArray().AsSpan(10, 10), [Round(2), Round(3)]);
        pipeline.Drain();
        pipeline.Publish(samples.ToArray().AsSpan(20, 10), []);
        pipeline.Drain();

        Assert.All([first, second], sink =>
        {
            Assert.Equal(samples, sink.Samples);
            Assert.Equal([1L, 2L, 3L], sink.Rounds.Select(round => round.Number));
            Assert.Equal(2, sink.Batches);
        });
    }

    [Fact]
    public void Without_samples_no_sink_is_troubled()
    {
        var sink = new GatheringSink();
        using var pipeline = Make(sink);

        pipeline.Drain();

        Assert.Equal(0, sink.Batches);
    }

    [Fact]
    public void A_round_without_samples_is_told()
    {
        var sink = new GatheringSink();
        using var pipeline = Make(sink);

        pipeline.Publish([], [Round(1)]);
        pipeline.Drain();

        Assert.Single(sink.Rounds);
    }

    [Fact]
    public void A_failing_sink_keeps_nothing_from_the_others_and_is_told()
    {
        var failing = new GatheringSink(() => throw new InvalidOperationException("broken"));
        var other = new GatheringSink();
        using var pipeline = Make(failing, other);

        for (var round = 0; round < 2; round++)
        {
            pipeline.Publish([Given.Sample(Series, round)], []);
            pipeline.Drain();
        }

        Assert.Equal(2, other.Samples.Count);
        Assert.Equal(2, failing.Samples.Count); // it is not given up, nor given a batch twice
        Assert.Equal("Error: GatheringSink failed on a batch; the other sinks got it", _logger.Lines[0]);
    }

    [Fact]
    public void Samples_that_find_no_place_are_counted_and_those_before_them_kept()
    {
        var sink = new GatheringSink();
        using var pipeline = Make(sink);
        pipeline.Publish(new Sample[Capacity - 1], []);

        pipeline.Publish([Given.Sample(Series, 1), Given.Sample(Series, 2)], []);
        pipeline.Publish([Given.Sample(Series, 3)], []);
        pipeline.Drain();

        Assert.Equal(2, pipeline.Dropped);
        Assert.Equal(Capacity, sink.Samples.Count);
        Assert.Equal(3, sink.Samples[^1].Round);
        pipeline.Publish([Given.Sample(Series, 4)], []);
        pipeline.Drain();
        Assert.Equal(4, sink.Samples[^1].Round);
    }

    [Fact]
    public void Rounds_without_samples_are_bounded_too()
    {
        var sink = new GatheringSink();
        using var pipeline = Make(sink);

        pipeline.Publish([], new Round[Capacity]);
        pipeline.Publish([], new Round[10]);
        pipeline.Drain();

        Assert.Equal(Capacity, sink.Rounds.Count);
    }

    [Fact]
    public async Task What_has_gathered_goes_on_every_period()
    {
        using var taken = new SemaphoreSlim(0);
        var sink = new GatheringSink(() => taken.Release());
        using var pipeline = Make(sink);
        await pipeline.StartAsync(Token);
        await _time.Armed;
        pipeline.Publish([Given.Sample(Series, 1)], []);
        Assert.Equal(0, sink.Batches);

        _time.Advance(SamplePipeline.Period);
        await taken.WaitAsync(Token);

        Assert.Single(sink.Samples);
        await pipeline.StopAsync(Token);
    }

    [Fact]
    public async Task What_is_left_is_drained_at_the_stop()
    {
        var sink = new GatheringSink();
        using var pipeline = Make(sink);
        await pipeline.StartAsync(Token);
        await _time.Armed;
        pipeline.Publish([Given.Sample(Series, 1)], [Round(1)]);

        await pipeline.StopAsync(Token);

        Assert.Single(sink.Samples);
        Assert.Single(sink.Rounds);
    }

    private SamplePipeline Make(params ISampleSink[] sinks) => new(sinks, _time, _logger);

    private static Round Round(long number) => new(Series, number, Given.Start, 1, 0, 0);
}
