using Sonde.Measurement.Icmp;
using Xunit;

namespace Sonde.Measurement.Tests.Icmp;

public sealed class IcmpErrorTests
{
    /// <summary>An echo request to 192.0.2.9, identifier 1234, sequence 5678: IPv4 header and 8 bytes.</summary>
    private const string QuotedV4 = "4500005400004000400100007f000001c0000209" + EchoV4;

    private const string EchoV4 = "0800ffff12345678";

    /// <summary>The same to 2001:db8::9 over IPv6.</summary>
    private const string HeaderV6 = "6000000000403a40" + Source + Destination;

    private const string Source = "20010db8000000000000000000000001";
    private const string Destination = "20010db8000000000000000000000009";
    private const string EchoV6 = "8000ffff12345678";

    [Theory]
    [InlineData(3, 0, LossReason.NetworkUnreachable)]
    [InlineData(3, 1, LossReason.HostUnreachable)]
    [InlineData(3, 2, LossReason.ProtocolUnreachable)]
    [InlineData(3, 3, LossReason.PortUnreachable)]
    [InlineData(3, 4, LossReason.PacketTooBig)]
    [InlineData(3, 5, LossReason.HostUnreachable)]
    [InlineData(3, 6, LossReason.NetworkUnreachable)]
    [InlineData(3, 7, LossReason.HostUnreachable)]
    [InlineData(3, 8, LossReason.HostUnreachable)]
    [InlineData(3, 9, LossReason.Prohibited)]
    [InlineData(3, 10, LossReason.Prohibited)]
    [InlineData(3, 11, LossReason.NetworkUnreachable)]
    [InlineData(3, 12, LossReason.HostUnreachable)]
    [InlineData(3, 13, LossReason.Prohibited)]
    [InlineData(3, 14, LossReason.Prohibited)]
    [InlineData(3, 15, LossReason.Prohibited)]
    [InlineData(11, 0, LossReason.TimeToLiveExceeded)]
    [InlineData(12, 0, LossReason.ParameterProblem)]
    [InlineData(12, 2, LossReason.ParameterProblem)]
    public void Each_type_and_code_of_ICMPv4_has_its_reason(byte type, byte code, LossReason reason)
    {
        var message = Convert.FromHexString($"{type:x2}{code:x2}000000000000" + QuotedV4);

        Assert.True(IcmpError.TryReadV4(message, out var error));
        Assert.Equal(new IcmpError(reason, EchoOffset: 28, 24, 4), error);
        Assert.Equal("c0000209", Convert.ToHexStringLower(message.AsSpan(error.DestinationOffset, 4)));
    }

    [Theory]
    [InlineData(0, 0)] // echo reply
    [InlineData(3, 16)]
    [InlineData(4, 0)] // source quench, withdrawn by RFC 6633
    [InlineData(5, 1)] // redirect: the packet went on
    [InlineData(8, 0)]
    [InlineData(11, 1)] // pieces of the request never came: nothing of its hop limit
    [InlineData(13, 0)]
    public void Other_types_of_ICMPv4_end_no_probe(byte type, byte code) => Assert.False(
        IcmpError.TryReadV4(Convert.FromHexString($"{type:x2}{code:x2}000000000000" + QuotedV4), out _));

    [Theory]
    [InlineData(1, 0, LossReason.NetworkUnreachable)]
    [InlineData(1, 1, LossReason.Prohibited)]
    [InlineData(1, 2, LossReason.HostUnreachable)]
    [InlineData(1, 3, LossReason.HostUnreachable)]
    [InlineData(1, 4, LossReason.PortUnreachable)]
    [InlineData(1, 5, LossReason.Prohibited)]
    [InlineData(1, 6, LossReason.Prohibited)]
    [InlineData(2, 0, LossReason.PacketTooBig)]
    [InlineData(3, 0, LossReason.TimeToLiveExceeded)]
    [InlineData(4, 1, LossReason.ParameterProblem)]
    public void Each_type_and_code_of_ICMPv6_has_its_reason(byte type, byte code, LossReason reason)
    {
        var message = Convert.FromHexString($"{type:x2}{code:x2}000000000000" + HeaderV6 + EchoV6);

        Assert.True(IcmpError.TryReadV6(message, out var error));
        Assert.Equal(new IcmpError(reason, EchoOffset: 48, 32, 16), error);
        Assert.Equal(Destination, Convert.ToHexStringLower(message.AsSpan(error.DestinationOffset, 16)));
    }

    [Theory]
    [InlineData(1, 7)]
    [InlineData(3, 1)] // pieces of the request never came
    [InlineData(128, 0)]
    [InlineData(129, 0)]
    [InlineData(137, 0)] // redirect
    public void Other_types_of_ICMPv6_end_no_probe(byte type, byte code) => Assert.False(
        IcmpError.TryReadV6(Convert.FromHexString($"{type:x2}{code:x2}000000000000" + HeaderV6 + EchoV6), out _));

    [Fact]
    public void What_quotes_less_than_an_echo_header_is_passed_over_wherever_it_is_cut()
    {
        var v4 = Convert.FromHexString("0301000000000000" + QuotedV4);
        var v6 = Convert.FromHexString("0103000000000000" + HeaderV6 + EchoV6);

        Assert.All(Enumerable.Range(0, v4.Length), length => Assert.False(IcmpError.TryReadV4(v4.AsSpan(0, length), out _)));
        Assert.All(Enumerable.Range(0, v6.Length), length => Assert.False(IcmpError.TryReadV6(v6.AsSpan(0, length), out _)));
    }

    [Fact]
    public void Options_in_the_quoted_header_are_stepped_over()
    {
        // header length 6 words: a router alert option behind the destination
        var message = Convert.FromHexString("0301000000000000" + "46" + QuotedV4[2..40] + "94040000" + EchoV4);

        Assert.True(IcmpError.TryReadV4(message, out var error));
        Assert.Equal(new IcmpError(LossReason.HostUnreachable, EchoOffset: 32, 24, 4), error);
        Assert.False(IcmpError.TryReadV4(message.AsSpan(0, message.Length - 1), out _));
    }

    [Theory]
    [InlineData(6, "20", true)] // more fragments: the first one has the echo header
    [InlineData(7, "01", false)]
    [InlineData(6, "1f", false)]
    [InlineData(0, "55", false)] // not IPv4
    [InlineData(0, "44", false)] // a header of four words
    [InlineData(9, "11", false)] // UDP
    [InlineData(20, "00", false)] // a quoted reply
    public void Only_the_first_fragment_of_an_echo_request_counts(int place, string bytes, bool isRead)
    {
        var message = Convert.FromHexString("0301000000000000" + QuotedV4);
        Convert.FromHexString(bytes).CopyTo(message, 8 + place);

        Assert.Equal(isRead, IcmpError.TryReadV4(message, out _));
    }

    [Theory]
    [InlineData("3a00000100000007", true)] // the first fragment: offset 0, more to come
    [InlineData("3a00000900000007", false)] // offset 8
    [InlineData("1100000100000007", false)] // UDP
    public void A_fragment_header_of_IPv6_is_stepped_over(string fragment, bool isRead)
    {
        var header = HeaderV6.Remove(12, 2).Insert(12, "2c");
        var message = Convert.FromHexString("0103000000000000" + header + fragment + EchoV6);

        Assert.Equal(isRead, IcmpError.TryReadV6(message, out var error));
        Assert.Equal(isRead ? 56 : 0, error.EchoOffset);
        Assert.False(IcmpError.TryReadV6(message.AsSpan(0, message.Length - 1), out _));
    }

    [Theory]
    [InlineData(0, "40")] // not IPv6
    [InlineData(6, "06")] // TCP
    [InlineData(40, "81")] // a quoted reply
    public void Another_packet_quoted_over_IPv6_is_passed_over(int place, string bytes)
    {
        var message = Convert.FromHexString("0103000000000000" + HeaderV6 + EchoV6);
        Convert.FromHexString(bytes).CopyTo(message, 8 + place);

        Assert.False(IcmpError.TryReadV6(message, out _));
    }
}
