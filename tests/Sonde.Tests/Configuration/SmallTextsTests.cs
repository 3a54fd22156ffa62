using Sonde.Configuration;
using Xunit;

namespace Sonde.Tests.Configuration;

public sealed class SmallTextsTests
{
    [Theory]
    [InlineData("250ms", 250)]
    [InlineData("1s", 1000)]
    [InlineData("1.5s", 1500)]
    [InlineData("5m", 300_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("1d", 86_400_000)]
    [InlineData("2", 2000)]
    [InlineData("0.25", 250)]
    [InlineData("1 s", 1000)]
    [InlineData("0", 0)]
    public void A_duration_is_read(string text, double milliseconds)
    {
        Assert.True(DurationText.TryParse(text, out var duration));
        Assert.Equal(milliseconds, duration.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("1e3")]
    [InlineData("1,5s")]
    [InlineData("1us")]
    [InlineData("1m30s")]
    [InlineData("Infinity")]
    [InlineData("NaN")]
    [InlineData("1S")]
    public void What_is_no_duration_is_refused(string text) => Assert.False(DurationText.TryParse(text, out _));

    [Fact]
    public void A_duration_beyond_all_bounds_is_the_longest()
    {
        Assert.True(DurationText.TryParse("9999999999999999999999d", out var duration));
        Assert.Equal(TimeSpan.MaxValue, duration);
    }

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("1d", 86_400)]
    [InlineData("1m", 60)]
    [InlineData("100ms", 0.1)]
    public void A_duration_is_written_in_its_largest_whole_unit(string text, double seconds) =>
        Assert.Equal(text, DurationText.Write(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData("example.com", "example.com", null)]
    [InlineData("example.com.", "example.com.", null)]
    [InlineData("my_host-1", "my_host-1", null)]
    [InlineData("example.com:443", "example.com", 443)]
    [InlineData("192.0.2.1", "192.0.2.1", null)]
    [InlineData("192.0.2.1:1", "192.0.2.1", 1)]
    [InlineData("::1", "::1", null)]
    [InlineData("2001:DB8:0::1", "2001:db8::1", null)]
    [InlineData("[2001:db8::1]", "2001:db8::1", null)]
    [InlineData("[2001:db8::1]:65535", "2001:db8::1", 65_535)]
    [InlineData("fe80::1%eth0", "fe80::1%eth0", null)]
    [InlineData("::ffff:192.0.2.1", "::ffff:192.0.2.1", null)]
    public void An_address_is_taken_apart(string text, string host, int? port)
    {
        Assert.Null(AddressText.Parse(text, out var foundHost, out var foundPort));
        Assert.Equal((host, port), (foundHost, foundPort));
    }

    [Theory]
    [InlineData("")]
    [InlineData(":80")]
    [InlineData("a:")]
    [InlineData("a:0")]
    [InlineData("a:65536")]
    [InlineData("a:+1")]
    [InlineData("a:٣")]
    [InlineData("a b")]
    [InlineData("a..b")]
    [InlineData("-a")]
    [InlineData("a/b")]
    [InlineData("user@host")]
    [InlineData("127.1")]
    [InlineData("010.0.0.1")]
    [InlineData("0x7f000001!")]
    [InlineData("1.2.3.4.5")]
    [InlineData("12345")]
    [InlineData("[::1")]
    [InlineData("[::1]80")]
    [InlineData("[::1]:")]
    [InlineData("[192.0.2.1]:80")]
    [InlineData("[example.com]:80")]
    [InlineData("1:2:3")]
    [InlineData("fe80::1%")]
    [InlineData("fe80::1%a b")]
    [InlineData("fe80::1%averyveryverylongname")]
    [InlineData("müller.example")]
    [InlineData("http://a")]
    public void What_is_no_address_is_refused(string text)
    {
        Assert.NotNull(AddressText.Parse(text, out var host, out _));
        Assert.Equal("", host);
    }

    [Fact]
    public void A_name_longer_than_DNS_allows_is_refused()
    {
        Assert.NotNull(AddressText.Parse(new string('a', 64) + ".example", out _, out _));
        Assert.NotNull(AddressText.Parse(string.Join('.', Enumerable.Repeat("abc", 64)), out _, out _));
    }

    [Theory]
    [InlineData("127.0.0.1:8989", "127.0.0.1:8989")]
    [InlineData("localhost:80", "127.0.0.1:80")]
    [InlineData("[::1]:80", "[::1]:80")]
    [InlineData("0.0.0.0:0", "0.0.0.0:0")]
    [InlineData("[::]:80", "[::]:80")]
    public void A_listen_address_is_read(string text, string expected)
    {
        Assert.True(ListenAddress.TryParse(text, out var listen));
        Assert.Equal(expected, listen.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("8989")]
    [InlineData(":8989")]
    [InlineData("*:8989")]
    [InlineData("example.com:80")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:-1")]
    [InlineData("::1:80")]
    [InlineData("[::1]")]
    [InlineData("1.2.3.4:5:6")]
    public void What_is_no_listen_address_is_refused(string text) => Assert.False(ListenAddress.TryParse(text, out _));

    [Theory]
    [InlineData("127.0.0.1:1", null, true)]
    [InlineData("[::1]:1", null, true)]
    [InlineData("0.0.0.0:1", "0123456789abcdef", true)]
    [InlineData("0.0.0.0:1", null, false)]
    [InlineData("[::]:1", null, false)]
    [InlineData("192.0.2.1:1", null, false)]
    public void Only_loopback_needs_no_token(string text, string? token, bool isAllowed)
    {
        Assert.True(ListenAddress.TryParse(text, out var listen));
        Assert.Equal(isAllowed, ListenAddress.Refusal(listen, token) is null);
    }

    [Theory]
    [InlineData("intervl", "interval")]
    [InlineData("inteval", "interval")]
    [InlineData("itnerval", "interval")]
    [InlineData("Interval", "interval")]
    [InlineData("dont_fragment", "dontFragment")]
    [InlineData("sise", "size")]
    [InlineData("xyz", null)]
    [InlineData("", null)]
    public void The_nearest_word_is_found(string word, string? expected) =>
        Assert.Equal(expected, NearestWord.Find(word, KnownKeys.Target));

    [Theory]
    [InlineData("", "abc", 3)]
    [InlineData("abc", "abc", 0)]
    [InlineData("ab", "ba", 1)]
    [InlineData("kitten", "sitting", 3)]
    public void The_distance_counts_letters(string from, string to, int distance) =>
        Assert.Equal(distance, NearestWord.Distance(from, to));
}
