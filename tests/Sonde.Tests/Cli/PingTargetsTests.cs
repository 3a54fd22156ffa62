using System.Net;
using System.Net.Sockets;
using Sonde.Cli;
using Sonde.Measurement.Dns;
using Sonde.Measurement.Http;
using Sonde.Measurement.Tcp;
using Sonde.Probing;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Cli;

public sealed class PingTargetsTests
{
    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1", null)]
    [InlineData("127.0.0.1:80", "127.0.0.1", 80)]
    [InlineData("::1", "::1", null)]
    [InlineData("[::1]", "::1", null)]
    [InlineData("[::1]:443", "::1", 443)]
    [InlineData("2001:DB8:0::7", "2001:db8::7", null)]
    public async Task Addresses_are_taken_as_people_write_them(string word, string address, int? port)
    {
        var target = await ResolveAsync(word);

        Assert.Null(target.Problem);
        Assert.Equal((word, address, port is null ? CheckKind.Icmp : CheckKind.Tcp), (target.Name, target.Address, target.Kind));
        Assert.Equal(port, (target.Probe as TcpTarget)?.Port);
    }

    [Theory]
    [InlineData("https://nowhere.test/a?b", null, HttpFamily.Either, null)]
    [InlineData("https://nowhere.test", AddressFamily.InterNetwork, HttpFamily.IPv4, null)]
    [InlineData("http://[::1]:81/", AddressFamily.InterNetworkV6, HttpFamily.IPv6, "::1")]
    public async Task The_name_of_a_URL_is_left_to_its_probes(
        string word, AddressFamily? wish, HttpFamily family, string? address)
    {
        var target = await ResolveAsync(word, wish);

        var probe = Assert.IsType<HttpTarget>(target.Probe);
        Assert.Equal((word, CheckKind.Http, address), (target.Name, target.Kind, target.Address));
        Assert.Equal((new Uri(word), family, true), (probe.Uri, probe.Family, probe.Tls.Verify));
    }

    [Theory]
    [InlineData("dns://127.0.0.1/example.org", "127.0.0.1", 53, "example.org.", DnsRecordType.A)]
    [InlineData("dns://[::1]:54/Example.org.?type=aaaa", "::1", 54, "Example.org.", DnsRecordType.Aaaa)]
    [InlineData("dns://127.0.0.1/10.0.0.1?type=PTR", "127.0.0.1", 53, "1.0.0.10.in-addr.arpa.", DnsRecordType.AddressName)]
    public async Task A_name_server_is_asked_what_stands_behind_it(
        string word, string address, int port, string name, DnsRecordType type)
    {
        var target = await ResolveAsync(word);

        var probe = Assert.IsType<DnsTarget>(target.Probe);
        Assert.Equal((CheckKind.Dns, address, port), (target.Kind, target.Address, probe.Port));
        Assert.Equal((name, type), (probe.Question.Name.ToString(), probe.Question.Type));
    }

    [Fact]
    public async Task Any_certificate_is_accepted_only_if_that_is_wished()
    {
        var words = PingWords.Read(["https://127.0.0.1"], null).Words;

        var target = Assert.Single(await PingTargets.ResolveAsync(
            words, Wish(null) with { VerifiesCertificates = false }, TestContext.Current.CancellationToken));

        Assert.False(Assert.IsType<HttpTarget>(target.Probe).Tls.Verify);
    }

    [Theory]
    [InlineData("http://127.0.0.1/", AddressFamily.InterNetworkV6, "no IPv6 address")]
    [InlineData("dns://[::1]/a", AddressFamily.InterNetwork, "no IPv4 address")]
    [InlineData("127.0.0.1", AddressFamily.InterNetworkV6, "no IPv6 address")]
    [InlineData("::1", AddressFamily.InterNetwork, "no IPv4 address")]
    [InlineData("[::1]:80", AddressFamily.InterNetwork, "no IPv4 address")]
    public async Task An_address_of_the_other_family_is_not_probed(string word, AddressFamily family, string problem)
    {
        var target = await ResolveAsync(word, family);

        Assert.Null(target.Probe);
        Assert.Equal(problem, target.Problem);
    }

    [Fact]
    public async Task Names_are_resolved_and_targets_stay_in_their_order()
    {
        var targets = await PingTargets.ResolveAsync(
            PingWords.Read(["localhost", "127.0.0.1", "localhost:80"], null).Words, Wish(AddressFamily.InterNetwork),
            TestContext.Current.CancellationToken);

        Assert.Equal(["localhost", "127.0.0.1", "localhost:80"], targets.Select(target => target.Name));
        Assert.All(targets, target => Assert.True(IPAddress.IsLoopback(target.Probe!.Address)));
        Assert.Equal([CheckKind.Icmp, CheckKind.Icmp, CheckKind.Tcp], targets.Select(target => target.Kind));
    }

    [Fact]
    public void A_name_that_does_not_exist_is_lost_and_one_that_the_resolver_is_silent_about_is_not()
    {
        var word = new PingWord("nowhere.test", "nowhere.test", null, null);

        var unknown = PingTargets.For(word, new ResolvedName([], "the name nowhere.test does not exist"), Wish(null));
        var silent = PingTargets.For(word, new ResolvedName(null, "the resolver does not answer"), Wish(null));

        Assert.Equal((true, false), (unknown.IsNameUnknown, silent.IsNameUnknown));
        Assert.Equal("the name nowhere.test does not exist", unknown.Problem);
        Assert.Equal("the resolver does not answer", silent.Problem);
    }

    [Fact]
    public void A_name_without_an_address_of_the_family_is_not_lost()
    {
        var word = new PingWord("here.test:80", "here.test", 80, null);

        var target = PingTargets.For(
            word, new ResolvedName([IPAddress.Loopback], null), Wish(AddressFamily.InterNetworkV6));

        Assert.Equal((false, "no IPv6 address"), (target.IsNameUnknown, target.Problem));
    }

    [Fact]
    public void A_name_of_both_families_is_measured_at_one_address()
    {
        var word = new PingWord("both.test", "both.test", null, null);

        var target = PingTargets.For(word, new ResolvedName([IPAddress.IPv6Loopback, IPAddress.Loopback], null), Wish(null));

        Assert.Equal("::1", target.Address);
    }

    private static async Task<PingTarget> ResolveAsync(string word, AddressFamily? family = null) => Assert.Single(
        await PingTargets.ResolveAsync(
            PingWords.Read([word], null).Words, Wish(family), TestContext.Current.CancellationToken));

    private static PingTargets.Wish Wish(AddressFamily? family) => new(TimeSpan.FromSeconds(1), 56, family);
}
