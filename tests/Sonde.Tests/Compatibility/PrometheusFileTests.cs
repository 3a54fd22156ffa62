using System.Collections.Immutable;
using Sonde.Targets;
using Sonde.Tests.Configuration;
using Xunit;

namespace Sonde.Tests.Compatibility;

public sealed class PrometheusFileTests
{
    private const string Modules = """
        modules:
          ping4:
            prober: icmp
            timeout: 3s
            icmp: {preferred_ip_protocol: ip4, ip_protocol_fallback: false, ttl: 5, dont_fragment: true, source_ip_address: 127.0.1.1}
          smtp:
            prober: tcp
            tcp:
              query_response:
                - expect: "^220 (?P<name>[^ ]+) ESMTP"
                - send: "EHLO prober\r"
                - expect: "^250-STARTTLS"
                  send: "STARTTLS\r"
                - expect: "^220"
                  starttls: true
              tls_config: {server_name: mail.test}
          irc:
            prober: tcp
            tcp:
              query_response:
                - expect: "PING :([^ ]+)"
                  send: "PONG ${1}"
              tls: true
          grpc:
            prober: grpc
        """;

    private const string Web = """
        modules:
          web:
            prober: http
            http:
              method: POST
              headers: {X-A: 'b ${c}'}
              body: "{\"a\": 1}\n"
              valid_status_codes: [200, 204]
              fail_if_body_not_matches_regexp: [ok, ready]
              fail_if_body_matches_regexp: [error, 'f(?=a)', fatal]
              fail_if_header_not_matches: [{header: Server, regexp: '^n'}, {header: X, regexp: y, allow_missing: true}]
              basic_auth: {username: u, password: '12'}
              oauth2: {client_id: x}
              follow_redirects: false
              enable_http2: false
              tls_config: {insecure_skip_verify: true, min_version: TLS12}
          name:
            prober: dns
            dns:
              query_name: example.com
              transport_protocol: tcp
              dns_over_tls: true
              valid_rcodes: [NOERROR, NXDOMAIN]
              validate_answer_rrs: {fail_if_none_matches_regexp: ['192\.0'], fail_if_matches_regexp: [x]}
        """;

    [Fact]
    public void A_job_that_pings_measures_as_its_module_says()
    {
        var checks = Targets(Job("pings", "ping4", "targets: [192.0.2.1, '2001:db8::1', 'a.example:80', a.example], labels: {team: core}"), Modules);

        Assert.Equal(["192.0.2.1", "a.example"], checks.Select(check => check.Address));
        Assert.All(checks, check => Assert.Equal(
            ("pings", FamilyChoice.Four, (byte?)5, true, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(15), "team=core"),
            (check.Group, check.Family, check.TimeToLive, check.DontFragment, check.Timeout, check.Interval, check.Tags[0])));
    }

    [Fact]
    public void A_dialogue_is_carried_over_with_its_STARTTLS()
    {
        var check = Assert.Single(Targets(Job("mail", "smtp", "targets: ['mail.example:25']"), Modules));

        Assert.Equal(("mail.example:25", TimeSpan.FromSeconds(10)), (check.Address, check.Timeout));
        Assert.Equal((false, "mail.test", true), (check.Dialogue!.Tls, check.Dialogue.Trust.ServerName, check.Dialogue.Trust.Verify));
        Assert.Equal(
            [
                new("^220 (?<name>[^ ]+) ESMTP", null), new(null, "EHLO prober"), new("^250-STARTTLS", "STARTTLS"),
                new TcpDialogueStep("^220", null, StartTls: true),
            ],
            check.Dialogue.Steps);
    }

    [Fact]
    public void A_dialogue_that_cannot_be_whole_is_left_out_and_TLS_stays()
    {
        var check = Assert.Single(Targets(Job("chat", "irc", "targets: ['irc.example:6697']"), Modules));

        Assert.Equal((true, 0), (check.Dialogue!.Tls, check.Dialogue.Steps.Count));
    }

    [Theory]
    [InlineData("icmp", "a.example", "icmp")]
    [InlineData("tcp_connect", "a.example:80", "tcp")]
    public void The_modules_that_everybody_has_need_no_file(string module, string target, string kind)
    {
        var check = Assert.Single(Imported.Configuration(Job("j", module, $"targets: ['{target}']")).Checks);

        Assert.Equal((target, kind, "j"), (check.Address, check.Kind.ToWord(), check.Group));
    }

    [Fact]
    public void HTTP_and_DNS_modules_become_the_targets_expectations() => Assert.Equal(
        """
        groups:
          - name: web
            interval: 15s
            timeout: 10s
            targets:
              - name: a.example
                kind: http
                address: http://a.example
                method: POST
                headers:
                  X-A: 'b $${c}'
                body: "{\"a\": 1}\n"
                expectStatus: [200, 204]
                expectBody: ok
                rejectBody: '(?:error)|(?:fatal)'
                expectHeader:
                  Server: '^n'
                basicAuth:
                  username: u
                  password: 12
                followRedirects: false
                httpVersion: 1.1
                tls:
                  verify: false
                  minVersion: 1.2
          - name: name
            interval: 15s
            timeout: 10s
            targets:
              - kind: dns
                address: 192.0.2.53
                query: example.com
                recordType: A
                transport: tls
                expectRcode: [NOERROR, NXDOMAIN]
                matchAnswer: '192\.0'

        """,
        WithoutModules(Imported.Text(Web, Job("web", "web", "targets: [a.example]"), Job("name", "name", "targets: [192.0.2.53]"))));

    [Fact]
    public void What_is_lost_is_told_at_its_place() => Assert.Equal(
        [
            "f1:5:98: module 'ping4', 'icmp': 'source_ip_address' is not carried over",
            "f1:25:5: module 'grpc': 'prober' 'grpc' is none of icmp, tcp, http, dns; the module is left out",
            "f2:2:1: Prometheus: 'rule_files' is not carried over",
            "f2:4:3: scrape_configs 'a' asks no blackbox_exporter by 'metrics_path: /probe' and 'params: {module: …}', and is left out",
            "f2:8:21: scrape_configs 'b', 'static_configs': 'targets' are measured by the module 'grpc', which Sonde cannot measure by",
            "f2:12:21: scrape_configs 'c', 'static_configs': 'targets' are measured by the module 'x', "
                + "which is in none of the files: name the blackbox_exporter's own file, too",
            "f2:16:34: the target 'a:80' has a port, and a ping has none",
            "f2:17:3: scrape_configs 'd': 'file_sd_configs' names files that can be imported by themselves",
        ],
        Imported.From(Modules, """
            global: {scrape_interval: 15s}
            rule_files: [x]
            scrape_configs:
            - job_name: a
              static_configs: [{targets: [a]}]
            - job_name: b
              metrics_path: /probe
              static_configs: [{targets: [a]}]
              params: {module: [grpc]}
            - job_name: c
              metrics_path: /probe
              static_configs: [{targets: [a]}]
              params: {module: [x]}
            - job_name: d
              metrics_path: /probe
              static_configs: [{targets: [a, 'a:80']}]
              file_sd_configs: [{files: [y]}]
              params: {module: [ping4]}
              relabel_configs: []
            """).Notes);

    [Theory]
    [InlineData("- targets: ['a.example:9100', b.example]\n  labels: {job: x, env: y}")]
    [InlineData("[{\"targets\": [\"a.example:9100\", \"b.example\"], \"labels\": {\"job\": \"x\", \"env\": \"y\"}}]")]
    public void A_target_list_becomes_groups(string text)
    {
        var checks = Imported.Configuration(text).Checks;

        Assert.Equal([("a.example:9100", CheckKind.Tcp), ("b.example", CheckKind.Icmp)], checks.Select(check => (check.Address, check.Kind)));
        Assert.All(checks, check => Assert.Equal(("x", "job=x|env=y"), (check.Group, string.Join('|', check.Tags))));
    }

    [Fact]
    public void A_target_lists_label_may_name_the_module() => Assert.Equal(
        "groups:\n  - name: http_2xx\n    targets:\n      - name: a.example\n        kind: http\n        address: http://a.example\n",
        Imported.Text("- targets: [a.example]\n  labels: {__param_module: http_2xx}"));

    [Fact]
    public void Ten_thousand_entries_without_names_are_told_apart()
    {
        var checks = Imported.Configuration(string.Concat(Enumerable.Repeat("- targets: [a.example]\n", 10_000))).Checks;

        Assert.Equal(10_000, checks.Select(check => check.Id).Distinct().Count());
        Assert.Equal(("targets", "targets 10000"), (checks[0].Group, checks[^1].Group));
    }

    /// <summary>The targets alone: <c>modules</c> are for what asks by their names.</summary>
    private static ImmutableArray<Check> Targets(string job, string modules) =>
        Reading.Good(WithoutModules(Imported.Text(modules, job))).Checks;

    private static string Job(string name, string module, string entry) =>
        $"global: {{scrape_interval: 15s}}\nscrape_configs: [{{job_name: {name}, metrics_path: /probe, params: {{module: [{module}]}}, static_configs: [{{{entry}}}]}}]";

    private static string WithoutModules(string text) => text[text.IndexOf("groups:", StringComparison.Ordinal)..];
}
