using Sonde.Configuration;
using Xunit;

namespace Sonde.Tests.Configuration;

public sealed class ForeignFormTests
{
    [Theory]
    [InlineData("modules:\n  icmp:\n    prober: icmp", "blackbox_exporter", "f:1:1: this is a file of blackbox_exporter: ")]
    [InlineData("targets:\n- hosts:\n  - a\n  interval: 1s\n  protocol: icmp", "smokeping_prober", "f:2:3: this is a file of smokeping_prober: ")]
    [InlineData("ui: {title: x}\nendpoints:\n- name: a\n  url: icmp://a", "Gatus", "f:2:1: this is a file of Gatus: ")]
    [InlineData("external-endpoints:\n- name: a", "Gatus", "f:1:1: this is a file of Gatus: ")]
    [InlineData("global:\n  scrape_interval: 15s\nscrape_configs:\n- job_name: a", "Prometheus", "f:3:1: this is a file of Prometheus: ")]
    [InlineData("rule_files: [a.yml]", "Prometheus", "f:1:1: this is a file of Prometheus: ")]
    [InlineData("- targets: [a, b]\n  labels: {x: y}", "Prometheus", "f:1:3: this is a target list of Prometheus: ")]
    [InlineData("[{\"labels\": {\"x\": \"y\"}, \"targets\": [\"a\"]}]", "Prometheus", "f:1:25: this is a target list of Prometheus: ")]
    [InlineData("- labels: {x: y}\n  targets:", "Prometheus", "f:2:3: this is a target list of Prometheus: ")]
    public void Another_tools_file_is_recognized_and_the_way_on_is_shown(string text, string form, string message)
    {
        var reading = ConfigurationReader.ReadText("f", text);

        Assert.Equal(form, reading.Form.ToWord());
        Assert.StartsWith(message, Assert.Single(reading.Messages));
        Assert.Null(reading.Configuration);
    }

    [Theory]
    [InlineData("modules: {icmp: {}}")]
    [InlineData("scrape_configs: []")]
    public void Nothing_is_promised_that_Sonde_does_not_do(string text) =>
        Assert.DoesNotContain("/metrics", Reading.OneMessage(text));

    [Theory]
    [InlineData("targets: [a]", "full")]
    [InlineData("targets: [{hosts: a}]", "full")]
    [InlineData("modules: 5", "full")]
    [InlineData("global_settings: {}\ntargets: [a]", "plain")]
    [InlineData("[]", "unknown")]
    [InlineData("'", "unknown")]
    public void Ones_own_file_is_not_taken_for_another(string text, string form) =>
        Assert.Equal(form, ConfigurationReader.ReadText("f", text).Form.ToWord());
}
