using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Compatibility;

public sealed class SmokepingFileTests
{
    private const string File = """
        ---
        targets:
        - hosts: [192.0.2.1, host.example]
          interval: 1m30s
          network: ip4
          protocol: icmp
          size: 100
          tos: 0x2e
          source: 127.0.1.1
          labels: {dc: fra, region: Frankfurt}
        - hosts: ['2001:DB8::1', host.example, host.example, 'a b', 192.0.2.1]
          network: ip6
          interval: 10ms
        web: {x: y}
        """;

    [Fact]
    public void An_entry_becomes_a_group_that_measures_the_same()
    {
        var configuration = Imported.Configuration(File);

        Assert.Equal(["192.0.2.1", "host.example", "2001:db8::1", "host.example"], configuration.Checks.Select(check => check.Address));
        var (first, third) = (configuration.Checks[0], configuration.Checks[2]);
        Assert.Equal(("fra Frankfurt", "Frankfurt", FamilyChoice.Four), (first.Group, first.Region, first.Family));
        Assert.Equal((TimeSpan.FromSeconds(90), 100, (byte)0x2e), (first.Interval, first.Size, first.TypeOfService));
        Assert.Equal("dc=fra", Assert.Single(first.Tags));
        Assert.Equal(("smokeping", FamilyChoice.Six, TimeSpan.FromMilliseconds(100)), (third.Group, third.Family, third.Interval));
        Assert.Equal("icmp-smokeping-host.example", configuration.Checks[3].Id.Value);
    }

    [Fact]
    public void What_is_lost_is_told_at_its_place() => Assert.Equal(
        [
            "f1:9:3: smokeping_prober, 'targets': 'source' is not carried over",
            "f1:10:3: smokeping_prober, 'targets': 'labels' become tags, not labels of metrics",
            "f1:11:40: the target 'host.example' is written twice; once is enough",
            "f1:11:54: the host 'a b' is not a host name or IP address",
            "f1:11:61: the target '192.0.2.1' is no IPv6 address, and left out",
            "f1:13:3: smokeping_prober, 'targets': 'interval' becomes 100ms: Sonde takes 100ms to 1d",
            "f1:14:1: smokeping_prober: 'web' is not carried over",
        ],
        Imported.From(File).Notes);

    [Fact]
    public void An_entry_without_settings_is_a_list_of_addresses() => Assert.Equal(
        "groups:\n  - name: smokeping\n    targets: [a.example, b.example]\n",
        Imported.Text("targets: [{hosts: [a.example, b.example]}]"));
}
