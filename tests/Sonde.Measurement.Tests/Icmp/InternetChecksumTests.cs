using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using Sonde.Measurement.Icmp;
using Xunit;

namespace Sonde.Measurement.Tests.Icmp;

public sealed class InternetChecksumTests
{
    [Theory]
    [InlineData("0001f203f4f5f6f7", 0x220d)] // RFC 1071 section 3: the sum is ddf2
    [InlineData("0800000000000000", 0xf7ff)]
    [InlineData("0000", 0xffff)]
    [InlineData("ffff", 0x0000)]
    [InlineData("010203", 0xfbfd)] // an odd byte stands for 03 00
    [InlineData("01", 0xfeff)]
    [InlineData("", 0xffff)]
    public void It_is_the_complement_of_the_sum_of_words(string message, ushort checksum) =>
        Assert.Equal(checksum, InternetChecksum.Compute(Convert.FromHexString(message)));

    [Fact]
    public void An_IPv4_header_from_a_capture_is_valid()
    {
        var header = Convert.FromHexString("45000073000040004011b861c0a80001c0a800c7");

        Assert.True(InternetChecksum.IsValid(header));
    }

    [Fact]
    public void Sums_of_pieces_of_even_length_may_be_added() => Prop.ForAll<byte[], int>((bytes, cut) =>
    {
        var at = Math.Abs(cut % (bytes.Length + 1)) & ~1;
        var sum = InternetChecksum.Sum(bytes.AsSpan(0, at)) + InternetChecksum.Sum(bytes.AsSpan(at));
        return InternetChecksum.Finish(sum) == InternetChecksum.Compute(bytes);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_message_with_its_checksum_is_valid_and_with_one_flipped_bit_it_is_not() =>
        Prop.ForAll<byte[], ushort>((payload, bit) =>
        {
            byte[] message = [8, 0, 0, 0, .. payload];
            BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), InternetChecksum.Compute(message));
            var isValid = InternetChecksum.IsValid(message);
            message[bit / 8 % message.Length] ^= (byte)(1 << (bit % 8));
            return isValid && !InternetChecksum.IsValid(message);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_largest_message_does_not_overflow()
    {
        var message = new byte[65_535];
        message.AsSpan().Fill(0xff);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), 0);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), InternetChecksum.Compute(message));

        Assert.True(InternetChecksum.IsValid(message));
    }
}
