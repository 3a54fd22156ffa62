using System.Net;
using Sonde.Measurement.Icmp;
using Xunit;

namespace Sonde.Measurement.Tests.Icmp;

public sealed class DeadlineQueuesTests
{
    private readonly FlightTable _flights = new(65_536);
    private readonly DeadlineQueues _queues = new();

    [Fact]
    public void Without_probes_there_is_no_deadline()
    {
        Assert.Equal(long.MaxValue, _queues.Next(_flights));
        Assert.False(_queues.TryTake(long.MaxValue, out _));
    }

    [Fact]
    public void A_probe_is_due_at_its_deadline_and_not_before()
    {
        var number = Begin(timeout: 1_000, sentAt: 50);

        Assert.False(_queues.TryTake(1_049, out _));
        Assert.True(_queues.TryTake(1_050, out var due));
        Assert.Equal(number, due);
        Assert.False(_queues.TryTake(long.MaxValue, out _));
    }

    [Fact]
    public void Timeouts_do_not_hold_each_other_up()
    {
        var patient = Begin(timeout: 60_000, sentAt: 0);
        var hasty = Begin(timeout: 10, sentAt: 5);

        Assert.Equal(15, _queues.Next(_flights));
        Assert.Equal([hasty], TakeAll(now: 15));
        Assert.Equal([patient], TakeAll(now: 60_000));
    }

    [Fact]
    public void Probes_that_have_ended_have_no_deadline_any_more()
    {
        var answered = Begin(timeout: 10, sentAt: 0);
        Begin(timeout: 10, sentAt: 7);
        _flights[answered].State = FlightState.Answered;

        Assert.Equal(17, _queues.Next(_flights));
    }

    [Fact]
    public void A_place_that_another_probe_has_now_has_no_deadline()
    {
        var number = Begin(timeout: 10, sentAt: 0);
        _flights[number].Number += 1_024;

        Assert.Equal(long.MaxValue, _queues.Next(_flights));
    }

    [Fact]
    public void Cleared_they_know_nothing()
    {
        Begin(timeout: 10, sentAt: 0);

        _queues.Clear();

        Assert.Empty(TakeAll(now: long.MaxValue));
    }

    private uint Begin(long timeout, long sentAt)
    {
        Assert.True(_flights.TryReserve(sentAt, out var number));
        var target = new IcmpTarget(IPAddress.Loopback, TimeSpan.FromSeconds(1));
        _flights[number] = new Flight { Target = target, Number = number, State = FlightState.Open };
        _queues.Add(timeout, sentAt, number);
        return number;
    }

    private List<uint> TakeAll(long now)
    {
        var taken = new List<uint>();
        while (_queues.TryTake(now, out var number))
        {
            taken.Add(number);
        }
        return taken;
    }
}
