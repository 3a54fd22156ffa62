using System.Net;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Sonde.Measurement.Dns;
using Xunit;

namespace Sonde.Measurement.Tests.Dns;

public sealed class DnsNameTests
{
    [Theory]
    [InlineData("example.org", "example.org.", "076578616d706c65036f726700")]
    [InlineData("example.org.", "example.org.", "076578616d706c65036f726700")]
    [InlineData(".", ".", "00")]
    [InlineData(@"a\.b.c", @"a\.b.c.", "03612e62016300")]
    [InlineData(@"\000\255.x", @"\000\255.x.", "0200ff017800")]
    [InlineData(@"\097", "a.", "016100")]
    [InlineData("a b", @"a\ b.", "03612062 00")]
    [InlineData("é", @"\195\169.", "02c3a900")]
    public void A_name_is_read_and_written(string text, string written, string wire)
    {
        Assert.True(DnsName.TryParse(text, out var name));

        Assert.Equal(written, name.ToString());
        Assert.Equal(wire.Replace(" ", "", StringComparison.Ordinal), Convert.ToHexStringLower(name.Wire));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData("..")]
    [InlineData(@"a\")]
    [InlineData(@"a\25")]
    [InlineData(@"a\256")]
    [InlineData(@"a\2x5")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public void What_is_no_name_is_refused(string? text) => Assert.False(DnsName.TryParse(text, out _));

    [Fact]
    public void A_name_is_at_most_255_bytes_long()
    {
        var label = new string('a', 63) + ".";

        Assert.True(DnsName.TryParse(label + label + label + new string('a', 61), out var longest));
        Assert.Equal(255, longest.Wire.Length);
        Assert.False(DnsName.TryParse(label + label + label + new string('a', 62), out _));
    }

    [Theory]
    [InlineData("192.0.2.1", "1.2.0.192.in-addr.arpa.")]
    [InlineData("2001:db8::1", "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.")]
    public void An_address_has_a_reverse_name(string address, string name) =>
        Assert.Equal(name, DnsName.ForAddress(IPAddress.Parse(address)).ToString());

    [Fact]
    public void Only_the_case_of_ASCII_letters_does_not_matter()
    {
        var name = Answers.Parse("EXAMPLE.org");

        Assert.Equal(Answers.Name, name);
        Assert.Equal(Answers.Name.GetHashCode(), name.GetHashCode());
        Assert.NotEqual(Answers.Parse(@"\195\132"), Answers.Parse(@"\195\164"));
        Assert.NotEqual(Answers.Parse("example.net"), name);
    }

    [Theory]
    [InlineData("c000", 0)] // points at itself
    [InlineData("c002c000", 0)] // forwards
    [InlineData("c002c000", 2)] // in a circle
    [InlineData("0161c000", 0)] // back into itself
    [InlineData("c0", 0)] // half a pointer
    [InlineData("03616263", 0)] // no end
    [InlineData("05616263", 0)] // a label beyond the end
    [InlineData("40", 0)] // a length that is none
    [InlineData("80", 0)]
    [InlineData("", 0)]
    public void A_broken_name_is_refused(string bytes, int offset) =>
        Assert.False(DnsName.TryRead(Convert.FromHexString(bytes), ref offset, out _));

    [Fact]
    public void Pointers_may_follow_each_other_backwards()
    {
        var bytes = Convert.FromHexString("036f726700" + "076578616d706c65c000" + "03777777c005" + "ff");
        var offset = 15;

        Assert.True(DnsName.TryRead(bytes, ref offset, out var name));
        Assert.Equal(("www.example.org.", 21), (name.ToString(), offset));
    }

    [Fact]
    public void A_long_chain_of_pointers_is_no_longer_than_a_name()
    {
        List<byte> bytes = [0];
        for (var link = 0; link < 300; link++)
        {
            var target = bytes.Count <= 1 ? 0 : bytes.Count - 4;
            bytes.AddRange([1, (byte)'a', (byte)(0xC0 | (target >> 8)), (byte)target]);
        }
        var offset = bytes.Count - 4;

        Assert.False(DnsName.TryRead(bytes.ToArray(), ref offset, out _));
    }

    [Fact]
    public void Any_labels_survive_their_text() => Prop.ForAll<NonEmptyArray<byte[]>>(labels =>
    {
        List<byte> wire = [];
        foreach (var label in labels.Get.Where(label => label is { Length: > 0 and <= 63 }).Take(4))
        {
            wire.AddRange([(byte)label.Length, .. label]);
        }
        wire.Add(0);
        var offset = 0;
        return DnsName.TryRead(wire.ToArray(), ref offset, out var name)
            && name.ToString().All(character => character is >= ' ' and <= '~')
            && DnsName.TryParse(name.ToString(), out var again)
            && again.Wire.SequenceEqual(wire.ToArray());
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_text_makes_reading_throw() => Prop.ForAll<string>(text =>
        !DnsName.TryParse(text, out var name) || Encoding.UTF8.GetByteCount(name.ToString()) <= 1020)
        .QuickCheckThrowOnFailure();
}
