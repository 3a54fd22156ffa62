using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Targets;

public sealed class CheckIdTests
{
    [Theory]
    [InlineData("Router Kitchen", "icmp-router-kitchen")]
    [InlineData("Channel 1", "icmp-channel-1")]
    [InlineData("192.0.2.1", "icmp-192.0.2.1")]
    [InlineData("example.com", "icmp-example.com")]
    [InlineData("example.com:443", "icmp-example.com-443")]
    [InlineData("my_host-", "icmp-my_host")]
    [InlineData("DNS (home) / 1", "icmp-dns-home-1")]
    [InlineData("!", "icmp")]
    public void The_id_of_a_name_is_kind_and_words(string name, string id) =>
        Assert.Equal(id, CheckId.FromName(CheckKind.Icmp, name).Value);

    [Theory]
    [InlineData("::1", "icmp---1")]
    [InlineData("1::", "icmp-1--")]
    [InlineData("2001:db8::1", "icmp-2001-db8--1")]
    [InlineData("2001:db8:1::", "icmp-2001-db8-1--")]
    [InlineData("[::1]:443", "icmp---1-443")]
    [InlineData("fe80::1%eth0", "icmp-fe80--1-eth0")]
    public void The_gap_of_an_IPv6_address_keeps_its_place(string name, string id) =>
        Assert.Equal(id, CheckId.FromName(CheckKind.Icmp, name).Value);

    [Fact]
    public void Names_of_any_script_get_ids_of_their_own()
    {
        string[] names = ["Кухня", "Офис", "台所", "東京", "Übung", "übung", "Café", "Cafe", "Cafe\u0301", "🙂", "🙃", "K", "\u212A", "\ud800"];

        var ids = names.Select(name => CheckId.FromName(CheckKind.Icmp, name)).ToList();

        Assert.Equal(names.Length, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Equal(id, CheckId.Parse(id.Value)));
        Assert.Equal("icmp-caf-73473dcc12", ids[6].Value);   // stored histories hang on it: it must never change
    }

    [Fact]
    public void Long_names_that_differ_at_their_end_get_ids_of_their_own()
    {
        var first = CheckId.FromName(CheckKind.Tcp, new string('a', 80) + "1");
        var second = CheckId.FromName(CheckKind.Tcp, new string('a', 80) + "2");

        Assert.NotEqual(first, second);
        Assert.Equal(CheckId.MaxLength, first.Value.Length);
        Assert.Equal("tcp-" + new string('a', 60), CheckId.FromName(CheckKind.Tcp, new string('a', 60)).Value);
    }
}
