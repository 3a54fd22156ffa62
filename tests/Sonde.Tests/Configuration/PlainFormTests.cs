using System.Net;
using Sonde.Configuration;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Configuration;

public sealed class PlainFormTests
{
    [Fact]
    public void The_form_that_others_use_runs_as_it_stands()
    {
        var configuration = Reading.Good("""
            global_settings:
              probes: 5
              interval: 0.5
              port: 9374
            targets:
              - 192.0.2.1
              - example.com
              - example.com:443
              - 2001:db8::1
              - "[2001:db8::2]:8585"
            """);

        Assert.Equal(
            ["icmp 192.0.2.1", "icmp example.com", "tcp example.com:443", "icmp 2001:db8::1", "tcp [2001:db8::2]:8585"],
            configuration.Checks.Select(check => $"{check.Kind.ToWord()} {check.Address}"));
        Assert.Equal(
            ["icmp-192.0.2.1", "icmp-example.com", "tcp-example.com-443", "icmp-2001-db8--1", "tcp-2001-db8--2-8585"],
            configuration.Checks.Select(check => check.Id.Value));
        Assert.All(configuration.Checks, check => Assert.Equal((5, 0.5), (check.Packets, check.Interval.TotalSeconds)));
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 9374), configuration.Listen);
    }

    [Fact]
    public void Every_setting_may_be_left_out()
    {
        var check = Reading.OneCheck("global_settings: {probes: 3}\ntargets: [192.0.2.1]");

        Assert.Equal((3, TimeSpan.FromSeconds(1)), (check.Packets, check.Interval));
    }

    [Theory]
    [InlineData("global_settings: {probes: 0}\ntargets: [a]", "f:1:27: 'probes' takes a whole number from 1 to 100, not '0'")]
    [InlineData("global_settings: {interval: 0.01}\ntargets: [a]", "f:1:29: 'interval' takes a duration from 100ms to 1d (as 250ms, 1.5s, 5m, 1h; a bare number is seconds), not '0.01'")]
    [InlineData("global_settings: {port: 65536}\ntargets: [a]", "f:1:25: 'port' takes a whole number from 1 to 65535, not '65536'")]
    [InlineData("global_settings: {probe: 5}\ntargets: [a]", "f:1:19: 'probe' is not known here; did you mean 'probes'?")]
    [InlineData("global_settings: {packets: 5}\ntargets: [a]", "f:1:19: 'packets' belongs to a target; known here: probes, interval, port")]
    [InlineData("global_settings: 5\ntargets: [a]", "f:1:18: 'global_settings' takes a mapping of probes, interval and port, not a single value")]
    [InlineData("global_settings: {probes: 5}\n", "f:1:1: 'targets' is missing here")]
    [InlineData("global_settings: {probes: 5}\ntargets: []\n", "f:2:10: 'targets' is an empty list: leave the key out or give it a list of targets")]
    [InlineData("global_settings: {probes: 5}\ntargets: [a]\ngroups: [{name: g, targets: [b]}]", "f:3:1: 'groups' belongs to the top level of the full form; known here: global_settings, targets")]
    public void A_mistake_is_told_at_its_place(string text, string message) => Assert.Equal(message, Reading.OneMessage(text));

    [Fact]
    public void It_is_called_plain()
    {
        var reading = ConfigurationReader.ReadText("f", "global_settings: {probes: 5}\ntargets: [a]");

        Assert.Equal(ConfigurationForm.Plain, reading.Form);
        Assert.Equal(["global_settings", "targets"], reading.TopLevelKeys);
    }
}
