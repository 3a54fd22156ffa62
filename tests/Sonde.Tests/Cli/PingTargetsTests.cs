using System.Net;
using System.Net.Sockets;
using Sonde.Cli;
using Sonde.Measurement.Tcp;
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
        Assert.Equal((word, address, port is not null), (target.Name, target.Address, target.IsTcp));
        Assert.Equal(port, (target.Probe as TcpTarget)?.Port);
    }

    [Theory]
    [InlineData("127.0.0.1:0")]
    [InlineData("localhost:65536")]
    [InlineData("localhost:http")]
    [InlineData("[::1")]
    [InlineData("1.2.3")]
    [InlineData("010.0.0.1")]
    [InlineData("a b")]
    [InlineData("-a")]
    [InlineData("")]
    public async Task What_is_no_address_is_not_asked_for_and_says_so(string word)
    {
        var target = await ResolveAsync(word);

        Assert.Null(target.Probe);
        Assert.StartsWith($"'{word}' ", target.Problem);
    }

    [Theory]
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
            ["localhost", "127.0.0.1", "localhost:80"], Wish(AddressFamily.InterNetwork), TestContext.Current.CancellationToken);

        Assert.Equal(["localhost", "127.0.0.1", "localhost:80"], targets.Select(target => target.Name));
        Assert.All(targets, target => Assert.True(IPAddress.IsLoopback(target.Probe!.Address)));
        Assert.Equal([false, false, true], targets.Select(target => target.IsTcp));
    }

    private static async Task<PingTarget> ResolveAsync(string word, AddressFamily? family = null) => Assert.Single(
        await PingTargets.ResolveAsync([word], Wish(family), TestContext.Current.CancellationToken));

    private static PingTargets.Wish Wish(AddressFamily? family) => new(TimeSpan.FromSeconds(1), 56, family);
}
