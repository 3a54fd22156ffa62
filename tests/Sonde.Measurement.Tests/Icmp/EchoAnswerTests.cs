using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using Sonde.Measurement.Icmp;
using Xunit;

namespace Sonde.Measurement.Tests.Icmp;

public sealed class EchoAnswerTests
{
    private const string Header = "45000024000000003901000008080808c0a80001"; // hop limit 0x39

    [Fact]
    public void A_reply_behind_its_IPv4_header_is_read()
    {
        var packet = Packet(Header, "0000000012345678aabb");

        Assert.True(EchoAnswer.TryReadV4(packet, hasHeader: true, out var answer));
        Assert.Equal(new EchoAnswer(20, 0x39, IsReply: true, null), answer);
        Assert.Equal(new EchoName(0x1234, 0x5678), EchoMessage.ReadName(answer.Message(packet)));
    }

    [Fact]
    public void Options_of_the_IPv4_header_are_stepped_over()
    {
        var packet = Packet("46" + Header[2..] + "94040000", "0000000012345678");

        Assert.True(EchoAnswer.TryReadV4(packet, hasHeader: true, out var answer));
        Assert.Equal(24, answer.Offset);
    }

    [Fact]
    public void A_reply_without_header_has_no_hop_limit_of_its_own()
    {
        Assert.True(EchoAnswer.TryReadV4(Packet("", "0000000012345678"), hasHeader: false, out var answer));
        Assert.Equal(new EchoAnswer(0, null, IsReply: true, null), answer);
    }

    [Theory]
    [InlineData("0001000012345678")] // a reply of code 1
    [InlineData("0800000012345678")] // a request
    [InlineData("0d00000012345678")] // a timestamp
    [InlineData("0301000000000000")] // an error that quotes nothing
    public void Other_messages_are_no_answers(string message)
    {
        Assert.True(EchoAnswer.TryReadV4(Packet(Header, message), hasHeader: true, out var answer));
        Assert.Equal(new EchoAnswer(20, 0x39, IsReply: false, null), answer);
    }

    [Fact]
    public void A_damaged_message_is_no_answer()
    {
        var packet = Packet(Header, "0000000012345678");
        packet[^1] ^= 1;

        Assert.False(EchoAnswer.TryReadV4(packet, hasHeader: true, out _));
    }

    [Fact]
    public void A_header_shorter_than_it_must_be_is_no_packet()
    {
        var packet = Packet("44" + Header[2..], "0000000012345678");

        Assert.False(EchoAnswer.TryReadV4(packet, hasHeader: true, out _));
    }

    [Fact]
    public void A_reply_over_IPv6_is_read_and_only_of_code_0()
    {
        Assert.True(EchoAnswer.TryReadV6(Convert.FromHexString("8100000012345678"), out var answer));
        Assert.Equal(new EchoAnswer(0, null, IsReply: true, null), answer);
        Assert.False(EchoAnswer.TryReadV6(Convert.FromHexString("81000000123456"), out _));
        foreach (var other in (string[])["8101000012345678", "8000000012345678", "0103000000000000"])
        {
            Assert.True(EchoAnswer.TryReadV6(Convert.FromHexString(other), out answer));
            Assert.Equal(new EchoAnswer(0, null, IsReply: false, null), answer);
        }
    }

    [Fact]
    public void No_bytes_make_reading_throw() => Prop.ForAll<byte[]>(bytes =>
    {
        EchoAnswer.TryReadV4(bytes, hasHeader: true, out _);
        EchoAnswer.TryReadV4(bytes, hasHeader: false, out _);
        EchoAnswer.TryReadV6(bytes, out _);
        IcmpError.TryReadV4(bytes, out _);
        IcmpError.TryReadV6(bytes, out _);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_bytes_behind_a_valid_checksum_make_reading_throw_nor_point_beyond_the_packet() =>
        Prop.ForAll<byte[], byte>((bytes, type) =>
        {
            byte[] message = [(byte)(type % 14), 1, 0, 0, 0, 0, 0, 0, 0x45, .. bytes];
            BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), InternetChecksum.Compute(message));
            byte[] packet = [.. Convert.FromHexString(Header), .. message];
            return !EchoAnswer.TryReadV4(packet, hasHeader: true, out var answer) || (answer.Offset == 20
                && (answer.Error is not { } error || Math.Max(error.DestinationOffset + error.DestinationLength, error.EchoOffset + 8) <= message.Length));
        }).QuickCheckThrowOnFailure();

    private static byte[] Packet(string header, string message)
    {
        var bytes = Convert.FromHexString(message);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), InternetChecksum.Compute(bytes));
        return [.. Convert.FromHexString(header), .. bytes];
    }
}
