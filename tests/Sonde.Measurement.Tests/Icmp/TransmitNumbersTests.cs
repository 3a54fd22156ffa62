using Sonde.Measurement.Icmp;
using Xunit;

namespace Sonde.Measurement.Tests.Icmp;

public sealed class TransmitNumbersTests
{
    private readonly TransmitNumbers _numbers = new();

    [Fact]
    public void A_packet_is_the_probe_that_was_sent_in_its_place()
    {
        _numbers.Add(70);
        _numbers.Add(71);

        Assert.True(_numbers.HasUnstamped);
        Assert.Equal((true, 70u), Take(_numbers, 0));
        Assert.True(_numbers.HasUnstamped);
        Assert.Equal((true, 71u), Take(_numbers, 1));
        Assert.False(_numbers.HasUnstamped);
    }

    [Fact]
    public void A_packet_that_was_never_sent_is_unknown()
    {
        _numbers.Add(70);

        Assert.False(_numbers.TryTake(1, out _));
        Assert.False(_numbers.TryTake(uint.MaxValue, out _));
        Assert.True(_numbers.HasUnstamped);
    }

    [Fact]
    public void Stamps_may_come_late_and_in_any_order()
    {
        for (var i = 0u; i < 4; i++)
        {
            _numbers.Add(100 + i);
        }

        Assert.Equal((true, 103u), Take(_numbers, 3));
        Assert.False(_numbers.HasUnstamped);
        Assert.Equal((true, 101u), Take(_numbers, 1));
        Assert.False(_numbers.HasUnstamped);
    }

    [Fact]
    public void Only_the_last_4096_packets_are_known()
    {
        for (var i = 0u; i < 5_000; i++)
        {
            _numbers.Add(i);
        }

        Assert.False(_numbers.TryTake(903, out _));
        Assert.Equal((true, 904u), Take(_numbers, 904));
        Assert.Equal((true, 4_999u), Take(_numbers, 4_999));
    }

    [Fact]
    public void After_a_restart_numbers_begin_at_0_and_earlier_packets_are_unknown()
    {
        _numbers.Add(70);
        _numbers.Add(71);

        _numbers.Restart();
        Assert.False(_numbers.HasUnstamped);
        Assert.False(_numbers.TryTake(1, out _));
        _numbers.Add(80);

        Assert.Equal((true, 80u), Take(_numbers, 0));
        Assert.False(_numbers.TryTake(1, out _));
    }

    [Fact]
    public void The_kernels_number_wraps_after_2_to_the_32()
    {
        var numbers = new TransmitNumbers(sent: uint.MaxValue - 1L);
        for (var i = 0u; i < 4; i++)
        {
            numbers.Add(100 + i);
        }

        Assert.Equal((true, 100u), Take(numbers, uint.MaxValue - 1));
        Assert.Equal((true, 101u), Take(numbers, uint.MaxValue));
        Assert.Equal((true, 102u), Take(numbers, 0));
        Assert.True(numbers.HasUnstamped);
        Assert.Equal((true, 103u), Take(numbers, 1));
        Assert.False(numbers.HasUnstamped);
        Assert.False(numbers.TryTake(2, out _));
    }

    private static (bool IsKnown, uint Probe) Take(TransmitNumbers numbers, uint packet) =>
        (numbers.TryTake(packet, out var probe), probe);
}
