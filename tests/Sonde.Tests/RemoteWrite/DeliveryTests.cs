using Sonde.RemoteWrite;
using Xunit;

namespace Sonde.Tests.RemoteWrite;

public sealed class DeliveryTests
{
    [Theory]
    [InlineData(1, null, 1)]
    [InlineData(2, null, 2)]
    [InlineData(5, null, 16)]
    [InlineData(6, null, 30)]
    [InlineData(1_000_000, null, 30)]
    [InlineData(1, 7, 7)]
    [InlineData(5, 7, 16)]
    [InlineData(1, 1_000_000, 300)]
    [InlineData(1, -5, 1)]
    public void The_next_try_waits_longer_and_as_long_as_was_asked_for(int failures, int? asked, int seconds)
    {
        TimeSpan? retryAfter = asked is { } wanted ? TimeSpan.FromSeconds(wanted) : null;

        Assert.Equal(TimeSpan.FromSeconds(seconds), new Delivery(DeliveryKind.Failed, "x", retryAfter).DelayAfter(failures));
    }

    [Fact]
    public async Task A_queue_without_room_drops_the_oldest_and_counts_them()
    {
        var queue = new RequestQueue(mostBytes: 100);
        var requests = Enumerable.Range(1, 5).Select(n => new WriteRequest(new byte[40], n)).ToList();

        requests.ForEach(queue.Add);

        Assert.Equal((1 + 2 + 3, 4 + 5), (queue.DroppedSamples, queue.WaitingSamples));
        Assert.Same(requests[3], await queue.PeekAsync(TestContext.Current.CancellationToken));
        queue.Remove(requests[0]); // dropped while it was under way
        Assert.Same(requests[3], queue.Peek());
        queue.Remove(requests[3]);
        queue.Remove(requests[4]);
        Assert.Null(queue.Peek());
        Assert.Equal(0, queue.WaitingSamples);
    }

    [Fact]
    public async Task A_request_larger_than_the_room_is_kept_alone()
    {
        var queue = new RequestQueue(mostBytes: 10);
        var waiting = queue.PeekAsync(TestContext.Current.CancellationToken);

        queue.Add(new WriteRequest(new byte[40], 1));

        Assert.Equal(1, (await waiting).Samples);
    }
}
