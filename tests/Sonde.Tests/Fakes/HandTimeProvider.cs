using System.Threading.Channels;

namespace Sonde.Tests;

/// <summary>A clock whose one-shot timers the test takes and fires by hand; periodic ones never fire.</summary>
internal sealed class HandTimeProvider : TimeProvider
{
    private readonly Channel<HandTimer> _delays = Channel.CreateUnbounded<HandTimer>();

    public DateTimeOffset Now { get; set; } = DateTimeOffset.FromUnixTimeMilliseconds(Given.Start);

    /// <summary>The one-shot timers in the order in which they were armed.</summary>
    public ChannelReader<HandTimer> Delays => _delays.Reader;

    public override DateTimeOffset GetUtcNow() => Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new HandTimer(dueTime, () => callback(state));
        if (period == Timeout.InfiniteTimeSpan && dueTime != Timeout.InfiniteTimeSpan)
        {
            _delays.Writer.TryWrite(timer);
        }
        return timer;
    }
}

/// <summary>A timer in the test's hand.</summary>
internal sealed class HandTimer(TimeSpan due, Action fire) : ITimer
{
    public TimeSpan Due => due;

    public void Fire() => fire();

    public bool Change(TimeSpan dueTime, TimeSpan period) => true;

    public void Dispose() { }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
