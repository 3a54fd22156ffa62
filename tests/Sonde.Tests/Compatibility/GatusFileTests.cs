using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Compatibility;

public sealed class GatusFileTests
{
    private const string Web = """
        alerting: {slack: {webhook-url: x}}
        endpoints:
          - name: front
            group: core
            url: https://a.example/health
            interval: 5m
            headers: {Authorization: "Bearer ${TOKEN} $X $$5"}
            conditions:
              - "[STATUS] == 200"
              - "[BODY].status == UP"
              - "[BODY] == pat(*ok*)"
              - "[RESPONSE_TIME] < 300"
              - "len([BODY].data) > 2"
            alerts: [{type: slack}]
            client: {insecure: true, timeout: 3s, ignore-redirect: true, oauth2: {x: y}}
          - name: names
            url: 192.0.2.53
            dns: {query-name: example.com, query-type: A}
            conditions: ["[BODY] == 192.0.2.80", "[DNS_RCODE] == NOERROR"]
          - {name: socket, url: 'ws://x.example'}
          - {name: gone, url: 'tcp://x.example:5', enabled: false}
        """;

    [Fact]
    public void Endpoints_become_targets_with_their_expectations() => Assert.Equal(
        """
        groups:
          - name: core
            targets:
              - name: front
                kind: http
                address: https://a.example/health
                interval: 5m
                timeout: 3s
                followRedirects: false
                tls:
                  verify: false
                headers:
                  Authorization: 'Bearer ${TOKEN} ${X} $5'
                expectStatus: [200]
                expectBody: '(?s)^.*ok.*$'
                expectJson:
                  '$.status': UP
        targets:
          - name: names
            kind: dns
            address: 192.0.2.53
            interval: 1m
            timeout: 10s
            query: example.com
            recordType: A
            expectRcode: [NOERROR]
            matchAnswer: '\t192\.0\.2\.80$'

        """,
        Imported.Text(Web));

    [Fact]
    public void What_is_lost_is_told_at_its_place() => Assert.Equal(
        [
            "f1:1:1: Gatus: 'alerting' is not carried over",
            "f1:12:9: endpoints 'front': the condition '[RESPONSE_TIME] < 300' is not carried over",
            "f1:13:9: endpoints 'front': the condition 'len([BODY].data) > 2' is not carried over",
            "f1:14:5: endpoints 'front': 'alerts' is not carried over",
            "f1:15:66: endpoints 'front', 'client': 'oauth2' is not carried over",
            "f1:20:20: endpoints 'socket': 'url' is measured neither by icmp, tcp, http nor dns; the endpoint is left out",
            "f1:21:44: endpoints 'gone': 'enabled' is false: the endpoint is left out",
        ],
        Imported.From(Web).Notes);

    [Theory]
    [InlineData("[STATUS] == any(200, 429)", "[200, 429]")]
    [InlineData("[STATUS] < 300", "[2xx]")]
    [InlineData("[STATUS] < 500", "[2xx, 3xx, 4xx]")]
    [InlineData("[STATUS] <= 299", "[2xx]")]
    [InlineData("[STATUS] <= 599", "[2xx, 3xx, 4xx, 5xx]")]
    [InlineData("[STATUS]  ==  404", "[404]")]
    [InlineData("[CONNECTED] == true", "[2xx, 3xx, 4xx, 5xx]")]
    public void A_condition_on_the_status_is_carried_over(string condition, string statuses)
    {
        var (text, notes) = Imported.From($"endpoints: [{{name: a, url: 'http://a.example', conditions: ['{condition}']}}]");

        Assert.Contains($"expectStatus: {statuses}\n", text);
        Assert.Empty(notes);
    }

    [Theory]
    [InlineData("[STATUS] != 500")]
    [InlineData("[STATUS] < 250")]
    [InlineData("[STATUS] == 99999999999")]
    [InlineData("[STATUS] == any()")]
    [InlineData("[BODY] != x")]
    [InlineData("[BODY] == any(a, b)")]
    [InlineData("has([BODY].x) == true")]
    [InlineData("[CONNECTED] == false")]
    [InlineData("[IP] == 192.0.2.1")]
    [InlineData("")]
    [InlineData("nonsense")]
    public void Another_condition_is_told(string condition) => Assert.Equal(
        [$"f1:1:61: endpoints 'a': the condition '{condition}' is not carried over"],
        Imported.From($"endpoints: [{{name: a, url: 'http://a.example', conditions: ['{condition}']}}]").Notes);

    [Fact]
    public void Pings_ports_and_TLS_are_measured_as_Gatus_does()
    {
        var checks = Imported.Configuration("""
            endpoints:
              - {name: one, group: a, url: 'icmp://192.0.2.1', interval: 30s}
              - {name: one, group: a, url: 'icmp://192.0.2.2'}
              - {name: one, group: b, url: 'icmp://192.0.2.2'}
              - {name: port, url: 'tcp://a.example:5', client: {network: ip4}}
              - {name: tls, url: 'tls://a.example:6'}
              - {name: mail, url: 'starttls://a.example:25', client: {insecure: true}}
            """).Checks;

        Assert.Equal(["one", "one 2", "one", "port", "tls", "mail"], checks.Select(check => check.Name));
        Assert.Equal(["icmp-one", "icmp-one-2", "icmp-b-one"], checks.Take(3).Select(check => check.Id.Value));
        Assert.Equal([30, 60], checks.Take(2).Select(check => (int)check.Interval.TotalSeconds));
        Assert.Equal((null, FamilyChoice.Four), (checks[3].Dialogue, checks[3].Family));
        Assert.Equal((true, true), (checks[4].Dialogue!.Tls, checks[4].Dialogue!.Trust.Verify));
        Assert.Equal((false, false, true), (checks[5].Dialogue!.Tls, checks[5].Dialogue!.Trust.Verify, checks[5].Dialogue!.Steps[^1].StartTls));
    }

    [Fact]
    public void Names_of_any_kind_pass()
    {
        var names = new[] { "a: b # c", "'\"\\", "${HOME}", "null", "- x", "\u00fc \u2028", new string('n', 500), "", " ", "\t\n", "[x]", "@`%" };
        var endpoints = names.Select((name, i) =>
            $"{{\"name\": {System.Text.Json.JsonSerializer.Serialize(name)}, \"group\": {System.Text.Json.JsonSerializer.Serialize(name)}, \"url\": \"icmp://192.0.2.{i}\"}}");

        var checks = Imported.Configuration($"{{\"endpoints\": [{string.Join(',', endpoints)}]}}").Checks;

        Assert.Equal(names.Length, checks.Length);
        Assert.Contains(checks, check => check is { Name: "${HOME}", Group: "${HOME}" });
        Assert.Contains(checks, check => check.Name == "a: b # c");
    }
}
