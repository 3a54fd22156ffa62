using System.Net;
using System.Runtime.CompilerServices;
using Sonde.Measurement.Icmp;
using Xunit;

namespace Sonde.Measurement.Tests.Icmp;

public sealed class EchoMessageTests
{
    private static readonly Token Secret = new(0x0706050403020100, 0x0f0e0d0c0b0a0908);
    private static readonly EchoName Name = new(0x1234, 0x5678);

    [Fact]
    public void A_request_over_IPv4_is_written_byte_for_byte()
    {
        var request = new byte[EchoMessage.VariableLength];

        EchoMessage.WriteRequest(request, isV6: false, Name, Secret, fillerSum: 0);

        Assert.Equal("0800571312345678000102030405060708090a0b0c0d0e0f", Convert.ToHexStringLower(request));
    }

    [Fact]
    public void A_request_over_IPv6_leaves_the_checksum_to_the_kernel()
    {
        var request = new byte[EchoMessage.VariableLength];

        EchoMessage.WriteRequest(request, isV6: true, Name, Secret, fillerSum: 4711);

        Assert.Equal("8000000012345678000102030405060708090a0b0c0d0e0f", Convert.ToHexStringLower(request));
    }

    [Theory]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(56)]
    [InlineData(57)]
    [InlineData(1472)]
    [InlineData(65_000)]
    public void Header_token_and_filler_make_a_message_with_a_valid_checksum(int size)
    {
        var target = new IcmpTarget(IPAddress.Loopback, TimeSpan.FromSeconds(1), size);

        var message = Request(target);

        Assert.Equal(8 + size, message.Length);
        Assert.True(InternetChecksum.IsValid(message));
    }

    [Fact]
    public void An_echo_bears_the_token_and_every_byte_of_the_filler()
    {
        var echo = Request(new IcmpTarget(IPAddress.Loopback, TimeSpan.FromSeconds(1), 56));
        echo[0] = EchoMessage.ReplyV4;

        Assert.True(EchoMessage.IsEchoOf(echo, Secret, 56));
        Assert.False(EchoMessage.IsEchoOf(echo, Secret, 55));
        Assert.False(EchoMessage.IsEchoOf(echo, Secret, 57));
        Assert.False(EchoMessage.IsEchoOf(echo.AsSpan(0, 8), Secret, 56));
        Assert.False(EchoMessage.IsEchoOf(echo, Secret with { Low = 0 }, 56));
        for (var place = EchoMessage.HeaderLength; place < echo.Length; place++)
        {
            echo[place] ^= 1;
            Assert.False(EchoMessage.IsEchoOf(echo, Secret, 56));
            echo[place] ^= 1;
        }
    }

    [Theory]
    [InlineData("", true)] // the 8 bytes of RFC 792
    [InlineData("000102030405060708090a0b0c0d0e", true)] // a byte less than a token
    [InlineData("000102030405060708090a0b0c0d0e0f", true)]
    [InlineData("000102030405060708090a0b0c0d0e0f1011", true)]
    [InlineData("00000000000000000000000000000000", true)] // padding
    [InlineData("000102030405060708090a0b0c0d0e0e", false)]
    [InlineData("00000000000000000000000000000001", false)]
    [InlineData("ff0102030405060708090a0b0c0d0e0f1011", false)]
    public void A_quote_bears_the_token_where_it_is_long_enough(string payload, bool isOurs) => Assert.Equal(
        isOurs, EchoMessage.MayQuote(Convert.FromHexString("0800571312345678" + payload), Secret));

    [Fact]
    public void The_name_is_read_in_network_order() =>
        Assert.Equal(Name, EchoMessage.ReadName(Convert.FromHexString("0000000012345678")));

    [Fact]
    public void Structures_have_the_sizes_that_the_kernel_expects()
    {
        Assert.Equal(64, Unsafe.SizeOf<LibC.Message>());
        Assert.Equal(16, Unsafe.SizeOf<LibC.Part>());
        Assert.Equal(EchoMessage.TokenLength, Unsafe.SizeOf<Token>());
    }

    [Theory]
    [InlineData("127.0.0.1", "020000007f0000010000000000000000")]
    [InlineData("2001:db8::7", "0a0000000000000020010db800000000000000000000000700000000")]
    [InlineData("fe80::1%3", "0a00000000000000fe80000000000000000000000000000103000000")]
    public void A_target_has_its_socket_address_as_the_kernel_expects_it(string address, string bytes) => Assert.Equal(
        bytes,
        Convert.ToHexStringLower(new IcmpTarget(IPAddress.Parse(address), TimeSpan.FromSeconds(1)).SocketAddress));

    [Fact]
    public void A_timeout_is_kept_to_the_tick() => Assert.Equal(
        1_000_000_100, new IcmpTarget(IPAddress.Loopback, TimeSpan.FromTicks(10_000_001)).TimeoutNanoseconds);

    [Theory]
    [InlineData(15, 64)]
    [InlineData(65_001, 64)]
    [InlineData(56, 0)]
    public void Sizes_and_hop_limits_out_of_range_are_refused(int size, byte timeToLive) =>
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new IcmpTarget(IPAddress.Loopback, TimeSpan.FromSeconds(1), size, timeToLive));

    private static byte[] Request(IcmpTarget target)
    {
        var variable = new byte[EchoMessage.VariableLength];
        EchoMessage.WriteRequest(variable, isV6: false, Name, Secret, target.FillerSum);
        return [.. variable, .. EchoMessage.Filler(target.Size)];
    }
}
