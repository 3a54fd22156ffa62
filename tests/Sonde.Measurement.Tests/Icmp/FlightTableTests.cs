using System.Net;
using Sonde.Measurement.Icmp;
using Xunit;

namespace Sonde.Measurement.Tests.Icmp;

public sealed class FlightTableTests
{
    private const long Second = 1_000_000_000;
    private static readonly IcmpTarget Target = new(IPAddress.Loopback, TimeSpan.FromSeconds(1));
    private static readonly IcmpTarget Patient = new(IPAddress.Loopback, TimeSpan.FromSeconds(60));

    [Fact]
    public void Numbers_count_up_from_the_first()
    {
        var table = new FlightTable(65_536);

        Assert.Equal([0u, 1u, 2u], [Begin(table, 0), Begin(table, 0), Begin(table, 0)]);
    }

    [Fact]
    public void It_grows_rather_than_forget_a_probe_that_is_under_way()
    {
        var table = new FlightTable(65_536);

        var numbers = Enumerable.Range(0, 5_000).Select(_ => Begin(table, 0)).ToList();

        Assert.All(numbers, number => Assert.True(table.Holds(number) && table[number].Number == number));
        Assert.Equal(8_192, table.All.Length);
    }

    [Fact]
    public void It_grows_rather_than_forget_a_probe_that_has_lately_ended()
    {
        var table = new FlightTable(65_536);
        var ended = Begin(table, 0);
        table[ended].State = FlightState.Answered;

        for (var i = 0; i < 1_024; i++)
        {
            table[Begin(table, 0)].State = FlightState.Void;
        }

        Assert.True(table.Holds(ended));
        Assert.Equal(FlightState.Answered, table[ended].State);
    }

    [Fact]
    public void An_ended_probe_is_forgotten_three_seconds_after_its_deadline()
    {
        foreach (var (after, size) in new[] { ((4 * Second) - 1, 2_048), (4 * Second, 1_024) })
        {
            var table = new FlightTable(65_536);
            table[Begin(table, 0)].State = FlightState.Lost;
            for (var i = 1; i < 1_024; i++)
            {
                table[Begin(table, 0)].State = FlightState.Void;
            }

            Begin(table, after);

            Assert.Equal(size, table.All.Length);
        }
    }

    [Fact]
    public void A_full_table_reserves_nothing_until_a_probe_has_ended()
    {
        var table = new FlightTable(2_048);
        for (var i = 0; i < 2_048; i++)
        {
            Begin(table, 0);
        }

        Assert.False(table.TryReserve(0, out _));
        table[77].State = FlightState.Void;

        Assert.True(table.TryReserve(0, out var number));
        Assert.Equal(77u, number % 2_048);
    }

    [Fact]
    public void A_probe_that_waits_long_does_not_hold_up_those_behind_it()
    {
        var table = new FlightTable(1_024);
        var waiting = Begin(table, 0, Patient);
        for (var i = 1; i < 1_024; i++)
        {
            table[Begin(table, 0)].State = FlightState.Answered;
        }

        var next = Begin(table, 5 * Second);

        Assert.Equal(1_025u, next);
        Assert.Equal(waiting, table[waiting].Number);
    }

    [Fact]
    public void An_answer_quotes_the_number_as_far_as_the_wire_carries_it()
    {
        var table = new FlightTable(65_536, first: 70_000);

        var number = Begin(table, 0);

        Assert.Equal(70_000u, number);
        Assert.True(table.Holds(70_000 % 65_536));
        Assert.False(table.Holds((70_000 % 65_536) + 1_024)); // the same place in the table, another number
    }

    [Theory]
    [InlineData(65_536)] // a ping socket's 2^16 names
    [InlineData(1 << 20)] // a raw socket's 2^20
    public void Numbers_wrap_and_are_still_found(int names)
    {
        var table = new FlightTable(names, first: uint.MaxValue - 9);

        var numbers = Enumerable.Range(0, 20).Select(_ => Begin(table, 0)).ToList();

        Assert.Equal((uint.MaxValue, 0u), (numbers[9], numbers[10]));
        Assert.All(numbers, number => Assert.True(table.Holds(number % (uint)names) && table[number].Number == number));
    }

    [Fact]
    public void A_place_that_was_never_used_or_not_yet_sent_answers_nothing()
    {
        var table = new FlightTable(65_536);
        Assert.False(table.Holds(0));

        var number = Begin(table, 0);
        table[number].State = FlightState.Waiting;

        Assert.False(table.Holds(number));
    }

    private static uint Begin(FlightTable table, long now, IcmpTarget? target = null)
    {
        Assert.True(table.TryReserve(now, out var number));
        table[number] = new Flight
        {
            Target = target ?? Target,
            SentAt = now,
            Number = number,
            State = FlightState.Open,
        };
        return number;
    }
}
