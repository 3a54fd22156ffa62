namespace Sonde.Samples;

/// <summary>
/// The one way from measuring to everybody who uses samples. The measuring thread hands over without waiting; the
/// pipeline's own loop takes what has gathered every <see cref="Period"/> and gives it to each sink in turn.
/// </summary>
/// <remarks>Sinks never wait: what needs time (the disk, a browser) has a buffer of its own behind its sink.</remarks>
internal sealed partial class SamplePipeline(
    IReadOnlyList<ISampleSink> sinks, TimeProvider time, ILogger<SamplePipeline> logger) : BackgroundService
{
    /// <summary>How often what has gathered goes on: 250 ms.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Samples, and rounds, held at most, should the machine stall the pipeline's loop: 2^20, a quarter of an hour of
    /// 1,000 targets.
    /// </summary>
    private const int Capacity = 1 << 20;

    private readonly Lock _handover = new();
    private Batch _filling = new();
    private Batch _emptying = new();

    /// <summary>Samples that found no place since the start.</summary>
    public long Dropped { get; private set; }

    /// <summary>Hands over; never waits. Any thread.</summary>
    public void Publish(ReadOnlySpan<Sample> samples, ReadOnlySpan<Round> rounds)
    {
        lock (_handover)
        {
            if (Math.Max(_filling.Samples.Count + samples.Length, _filling.Rounds.Count + rounds.Length) > Capacity)
            {
                Dropped += samples.Length;
                return;
            }
            _filling.Samples.AddRange(samples);
            _filling.Rounds.AddRange(rounds);
        }
    }

    /// <summary>Takes what has gathered to all sinks, now. One caller at a time.</summary>
    public void Drain()
    {
        lock (_handover)
        {
            (_filling, _emptying) = (_emptying, _filling);
        }
        var samples = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_emptying.Samples);
        var rounds = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_emptying.Rounds);
        if (samples.Length + rounds.Length > 0)
        {
            foreach (var sink in sinks)
            {
                Give(sink, samples, rounds);
            }
        }
        _emptying.Samples.Clear();
        _emptying.Rounds.Clear();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Drain();
            }
        }
        finally
        {
            Drain(); // what was measured before the stop is kept
        }
    }

    private void Give(ISampleSink sink, ReadOnlySpan<Sample> samples, ReadOnlySpan<Round> rounds)
    {
        try
        {
            sink.Take(samples, rounds);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            LogSinkFailed(error, sink.GetType().Name); // one sink's fault must not keep samples from the others
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Sink} failed on a batch; the other sinks got it")]
    private partial void LogSinkFailed(Exception error, string sink);

    private sealed class Batch
    {
        public List<Sample> Samples { get; } = new(1024);

        public List<Round> Rounds { get; } = new(1024);
    }
}
