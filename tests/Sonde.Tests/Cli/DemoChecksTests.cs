using Sonde.Cli;
using Sonde.Tests.Configuration;
using Xunit;

namespace Sonde.Tests.Cli;

public sealed class DemoChecksTests : IDisposable
{
    private const string Head = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n";
    private const string Local = "eth0\t0001A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n";
    private const string Default = "eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n";

    private readonly ScratchDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void The_router_is_the_gateway_of_the_default_route()
    {
        var checks = DemoChecks.Make(_directory.Write("route", Head + Local + Default));

        Assert.Equal("192.168.1.1", Assert.Single(checks, check => check.Name == "Router").Host);
    }

    [Theory]
    [InlineData("")]
    [InlineData(Head)]
    [InlineData(Head + Local)]
    [InlineData(Head + "tun0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0\n")] // a default without gateway
    [InlineData(Head + "\n")]
    public void Without_a_gateway_there_is_no_router(string table) =>
        Assert.DoesNotContain(DemoChecks.Make(_directory.Write("route", table)), check => check.Name == "Router");

    [Fact]
    public void Without_a_route_table_the_rest_is_measured()
    {
        var checks = DemoChecks.Make("/nowhere/route");

        Assert.Equal(7, checks.Length);
        Assert.Equal(checks.Length, checks.Select(check => check.Id).Distinct().Count());
        Assert.All(checks, check => Assert.True(System.Net.IPAddress.TryParse(check.Host, out _)));
    }
}
