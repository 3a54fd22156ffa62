using System.Net;
using Sonde.Configuration;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Configuration;

public sealed class FullFormTests
{
    [Fact]
    public void A_list_of_addresses_is_enough()
    {
        var check = Reading.OneCheck("targets: [192.0.2.1]");

        Assert.Equal(new Check { Id = CheckId.Parse("icmp-192.0.2.1"), Name = "192.0.2.1", Kind = CheckKind.Icmp, Host = "192.0.2.1" }, check);
    }

    [Fact]
    public void Metrics_are_whole_unless_the_file_says_otherwise()
    {
        Assert.Equal(new MetricsConfiguration(), Reading.Good("targets: [a]").Metrics);
        Assert.Equal(
            new MetricsConfiguration { Histograms = false }, Reading.Good("targets: [a]\nmetrics: {histograms: false}").Metrics);
        Assert.Equal(
            new MetricsConfiguration { Smokeping = false },
            Reading.Good("targets: [a]\nmetrics: {smokeping: false, histograms: true}").Metrics);
    }

    [Fact]
    public void Forty_channels_that_differ_only_in_address_are_written_once()
    {
        var channels = string.Join('\n', Enumerable.Range(1, 40).Select(n => $"      - Channel {n}: 203.0.113.{n}:8585"));
        var configuration = Reading.Good($"""
            defaults: {"{"}interval: 5s, tags: [game]{"}"}
            groups:
              - name: Aquila
                region: Seoul
                interval: 1s
                packets: 10
                timeout: 900ms
                tags: [aquila]
                targets:
            {channels}
            """);

        Assert.Equal(40, configuration.Checks.Length);
        var last = configuration.Checks[39];
        Assert.Equal(("Channel 40", "tcp-channel-40", CheckKind.Tcp, "203.0.113.40", 8585), (last.Name, last.Id.Value, last.Kind, last.Host, last.Port));
        Assert.Equal(("Aquila", "Seoul", 10), (last.Group, last.Region, last.Packets));
        Assert.Equal((TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(900)), (last.Interval, last.Timeout));
        Assert.Equal(["game", "aquila"], last.Tags);
    }

    [Fact]
    public void A_group_may_name_its_targets_in_a_mapping()
    {
        var configuration = Reading.Good("groups: [{name: g, port: 8585, targets: {Channel 1: 203.0.113.1, Channel 2: 203.0.113.2}}]");

        Assert.Equal(
            ["Channel 1 203.0.113.1:8585", "Channel 2 203.0.113.2:8585"],
            configuration.Checks.Select(check => $"{check.Name} {check.Address}"));
    }

    [Fact]
    public void A_target_says_everything_about_itself()
    {
        var check = Reading.OneCheck("""
            targets:
              - name: Router
                address: router.example
                id: my-router
                kind: icmp
                region: Kitchen
                tags: [home, lan]
                family: both
                interval: 250ms
                packets: 2
                timeout: 1.5s
                size: 1400
                ttl: 12
                tos: 184
                dontFragment: true
                renamedFrom: icmp-old
            """);

        Assert.Equal(
            new Check
            {
                Id = CheckId.Parse("my-router"),
                Name = "Router",
                Kind = CheckKind.Icmp,
                Host = "router.example",
                Region = "Kitchen",
                Tags = check.Tags,
                Family = FamilyChoice.Both,
                Interval = TimeSpan.FromMilliseconds(250),
                Packets = 2,
                Timeout = TimeSpan.FromMilliseconds(1500),
                Size = 1400,
                TimeToLive = 12,
                TypeOfService = 184,
                DontFragment = true,
                RenamedFrom = CheckId.Parse("icmp-old"),
            },
            check);
        Assert.Equal(["home", "lan"], check.Tags);
    }

    [Theory]
    [InlineData("kind: icmp, targets: [a]", "icmp", null)]
    [InlineData("port: 25, targets: [a]", "tcp", 25)]
    [InlineData("port: 25, targets: ['a:26']", "tcp", 26)]
    [InlineData("kind: icmp, targets: ['a:26']", "tcp", 26)]
    [InlineData("kind: icmp, targets: [{address: a, port: 27}]", "tcp", 27)]
    [InlineData("port: 25, targets: [{address: a, kind: icmp}]", "icmp", null)]
    [InlineData("kind: tcp, targets: [{address: a, port: 28}]", "tcp", 28)]
    public void The_nearest_word_on_kind_and_port_wins(string group, string kind, int? port)
    {
        var check = Reading.OneCheck($"groups: [{{name: g, {group}}}]");

        Assert.Equal((kind, port), (check.Kind.ToWord(), check.Port));
    }

    [Theory]
    [InlineData("192.0.2.1", 4)]
    [InlineData("2001:db8::1", 6)]
    [InlineData("example.com", 10)]
    public void A_groups_both_families_are_the_one_that_an_address_has(string address, int family) =>
        Assert.Equal(family, (int)Reading.OneCheck($"defaults: {{family: both}}\ntargets: ['{address}']").Family);

    [Fact]
    public void A_tcp_check_may_speak()
    {
        var check = Reading.OneCheck("""
            targets:
              - address: mail.example:465
                tls: {serverName: mx.example, verify: false}
                dialogue:
                  - {expect: '^220 ', send: EHLO sonde}
                  - expect: '^250 '
                  - send: QUIT
            """);

        Assert.Equal((true, "mx.example", false), (check.Dialogue!.Tls, check.Dialogue.Trust.ServerName, check.Dialogue.Trust.Verify));
        Assert.Equal([new("^220 ", "EHLO sonde"), new("^250 ", null), new(null, "QUIT")], check.Dialogue.Steps);
    }

    [Theory]
    [InlineData("tls: true", true)]
    [InlineData("tls: false", null)]
    public void Tls_may_be_a_flag(string tls, bool? wanted) =>
        Assert.Equal(wanted, Reading.OneCheck($"targets: [{{address: 'a:1', {tls}}}]").Dialogue?.Tls);

    [Theory]
    [InlineData("")]
    [InlineData("tls: {serverName: mail.test, verify: false}, ")]
    public void TLS_begins_in_the_step_that_says_so_and_not_before(string tls)
    {
        var dialogue = Reading.OneCheck($"targets: [{{address: 'a:25', {tls}dialogue: [{{expect: ^220}}, {{starttls: true}}]}}]").Dialogue!;

        Assert.False(dialogue.Tls);
        Assert.Equal(tls.Length == 0 ? (null, true) : ("mail.test", false), (dialogue.Trust.ServerName, dialogue.Trust.Verify));
        Assert.Equal([new TcpDialogueStep("^220", null), new TcpDialogueStep(null, null, StartTls: true)], dialogue.Steps);
    }

    [Fact]
    public void Settings_of_the_process_are_read()
    {
        var configuration = Reading.Good("""
            vantagePoint: berlin-1
            timezone: UTC
            listen: 0.0.0.0:80
            token: 0123456789abcdef
            hosts: [sonde.example, 192.0.2.9]
            basePath: /sonde/
            trustedProxies: [127.0.0.1, 10.1.0.0/16, '::1']
            tls: {cert: c.pem, key: k.pem}
            targets: [a]
            """);

        Assert.Equal(("berlin-1", "UTC"), (configuration.VantagePoint, configuration.TimeZone.Id));
        Assert.Equal(new IPEndPoint(IPAddress.Any, 80), configuration.Listen);
        Assert.Equal(("0123456789abcdef", "/sonde"), (configuration.Web.Token, configuration.Web.BasePath));
        Assert.Equal(["sonde.example", "192.0.2.9"], configuration.Web.Hosts);
        Assert.Equal(["127.0.0.1/32", "10.1.0.0/16", "::1/128"], configuration.Web.TrustedProxies.Select(network => network.ToString()));
    }

    [Fact]
    public void Anchors_and_merges_save_repetition()
    {
        var configuration = Reading.Good("""
            groups:
              - &one
                name: one
                interval: 5s
                packets: 3
                targets: [a]
              - <<: *one
                name: two
                packets: 4
                targets: [b]
            """);

        Assert.Equal(["a one 3 5", "b two 4 5"], configuration.Checks.Select(c => $"{c.Name} {c.Group} {c.Packets} {c.Interval.TotalSeconds}"));
    }

    [Fact]
    public void The_same_name_may_be_measured_in_two_ways_and_in_two_groups()
    {
        var configuration = Reading.Good("""
            groups:
              - {name: one, targets: [{name: x, address: a}, {name: x, address: 'a:80'}]}
              - {name: two, targets: [{name: x, address: b, id: two-x}]}
            """);

        Assert.Equal(["icmp-x", "tcp-x", "two-x"], configuration.Checks.Select(check => check.Id.Value));
    }

    [Fact]
    public void What_is_printed_of_a_configuration_holds_no_secret()
    {
        var configuration = Reading.Good(
            "token: 0123456789abcdef\ntargets: [{address: 'a:1', dialogue: [{send: PASS hunter2}]}]");

        Assert.DoesNotContain("0123456789abcdef", configuration.ToString());
        Assert.DoesNotContain("hunter2", configuration.Checks[0].Dialogue!.Steps[0].ToString());
    }
}
