using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using Sonde.Measurement.Icmp;
using Xunit;

namespace Sonde.Measurement.Tests.Icmp;

public sealed class ControlMessagesTests
{
    [Fact]
    public void A_receive_stamp_is_the_first_of_three_times()
    {
        var read = ControlMessages.Read(Message(1, 37, [.. Long(1_700_000_000), .. Long(123_456_789), .. new byte[32]]));

        Assert.Equal(1_700_000_000_123_456_789, read.Stamp);
    }

    [Theory]
    [InlineData(0, 2)] // IP_TTL
    [InlineData(41, 52)] // IPV6_HOPLIMIT
    public void The_hop_limit_is_read(int level, int type)
    {
        var read = ControlMessages.Read(Message(level, type, [57, 0, 0, 0]));

        Assert.Equal((byte)57, read.HopLimit);
    }

    [Fact]
    public void Messages_of_any_length_follow_each_other_padded()
    {
        byte[] control =
        [
            .. Message(1, 99, [1, 2, 3]), .. Message(1, 40, [7, 0, 0, 0]), .. Message(0, 2, [64, 0, 0, 0]),
        ];

        var read = ControlMessages.Read(control);

        Assert.Equal((7u, (byte)64, 0L), (read.Dropped, read.HopLimit, read.Stamp));
    }

    [Fact]
    public void A_transmit_stamp_tells_its_packet()
    {
        var error = Error(42, origin: 4, type: 0, code: 0, value: 4711);

        var read = ControlMessages.Read(
            [.. Message(1, 37, [.. Long(5), .. Long(6), .. new byte[32]]), .. Message(0, 11, error)]);

        Assert.Equal((4711u, 5_000_000_006), (read.StampedPacket, read.Stamp));
        Assert.Null(read.Error);
    }

    [Theory]
    [InlineData(0, 11, 2, 3, 1, LossReason.HostUnreachable)]
    [InlineData(0, 11, 2, 3, 13, LossReason.Prohibited)]
    [InlineData(41, 25, 3, 1, 3, LossReason.HostUnreachable)]
    [InlineData(41, 25, 3, 2, 0, LossReason.PacketTooBig)]
    public void A_queued_error_says_what_the_ICMP_error_said(
        int level, int type, byte origin, byte icmpType, byte icmpCode, LossReason reason)
    {
        var read = ControlMessages.Read(Message(level, type, Error(113, origin, icmpType, icmpCode, value: 0)));

        Assert.Equal(reason, read.Error);
        Assert.Null(read.StampedPacket);
    }

    [Fact]
    public void A_local_error_says_nothing_of_the_network()
    {
        var read = ControlMessages.Read(Message(0, 11, Error(90, origin: 1, type: 0, code: 0, value: 0)));

        Assert.Null(read.Error);
        Assert.Null(read.StampedPacket);
    }

    [Fact]
    public void Nothing_is_read_of_nothing()
    {
        var read = ControlMessages.Read([]);

        Assert.Equal(0, read.Stamp);
        Assert.Null(read.HopLimit);
        Assert.Null(read.Dropped);
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(15UL)]
    [InlineData(21UL)] // longer than what is there
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 63)]
    public void A_length_that_cannot_be_ends_the_reading(ulong length)
    {
        var control = Message(0, 2, [64, 0, 0, 0])[..20];
        BinaryPrimitives.WriteUInt64LittleEndian(control, length);

        Assert.Null(ControlMessages.Read(control).HopLimit);
    }

    [Theory]
    [InlineData(1, 37)]
    [InlineData(1, 40)]
    [InlineData(0, 2)]
    [InlineData(0, 11)]
    [InlineData(41, 25)]
    [InlineData(41, 52)]
    public void A_message_too_short_for_its_kind_is_passed_over(int level, int type)
    {
        var read = ControlMessages.Read(Message(level, type, [1, 2, 3]));

        Assert.Equal(0, read.Stamp);
        Assert.Null(read.HopLimit);
        Assert.Null(read.Dropped);
        Assert.Null(read.StampedPacket);
        Assert.Null(read.Error);
    }

    [Fact]
    public void No_bytes_make_reading_throw() => Prop.ForAll<byte[], byte, byte>((bytes, length, kind) =>
    {
        ControlMessages.Read(bytes);
        var (level, type) = (kind % 6) switch
        {
            0 => (1, 37),
            1 => (1, 40),
            2 => (0, 2),
            3 => (0, 11),
            4 => (41, 25),
            _ => (41, 52),
        };
        var control = Message(level, type, bytes);
        BinaryPrimitives.WriteUInt64LittleEndian(control, length);
        ControlMessages.Read(control);
    }).QuickCheckThrowOnFailure();

    private static byte[] Message(int level, int type, byte[] contents)
    {
        var message = new byte[(16 + contents.Length + 7) & ~7];
        BinaryPrimitives.WriteUInt64LittleEndian(message, (ulong)(16 + contents.Length));
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(8), level);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(12), type);
        contents.CopyTo(message, 16);
        return message;
    }

    private static byte[] Error(int number, byte origin, byte type, byte code, uint value)
    {
        var error = new byte[16];
        BinaryPrimitives.WriteInt32LittleEndian(error, number);
        (error[4], error[5], error[6]) = (origin, type, code);
        BinaryPrimitives.WriteUInt32LittleEndian(error.AsSpan(12), value);
        return error;
    }

    private static byte[] Long(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return bytes;
    }
}
