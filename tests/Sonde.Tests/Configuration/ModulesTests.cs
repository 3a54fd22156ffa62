using System.Net;
using Sonde.Configuration;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Configuration;

/// <summary>What blackbox_exporter calls modules.</summary>
public sealed class ModulesTests
{
    [Fact]
    public void Three_modules_exist_without_a_word()
    {
        var modules = Reading.Good("targets: [a]").Modules;

        Assert.Equal(["http_2xx http", "icmp icmp", "tcp_connect tcp"], modules.Values.Select(module => $"{module.Name} {module.Kind.ToWord()}"));
        Assert.NotNull(modules["http_2xx"].Http);
        Assert.All(modules.Values, module => Assert.Equal((FamilyChoice.Six, true), (module.Family, module.FallsBack)));
    }

    /// <summary>Written in the words of the file that Debian's package brings.</summary>
    [Fact]
    public void Modules_as_people_have_them_are_read()
    {
        var modules = Reading.Good("""
            targets: [a]
            modules:
              http_2xx:
                prober: http
                timeout: 5s
                http:
                  preferred_ip_protocol: ip4
                  valid_status_codes: []
                  headers: {Host: vhost.example.com}
                  fail_if_header_matches: [{header: Set-Cookie, allow_missing: true, regexp: '.*'}]
              http_post_2xx:
                prober: http
                http: {method: POST, body: '{}', compression: gzip, enable_http2: false, no_follow_redirects: true, fail_if_not_ssl: true}
              pop3s_banner:
                prober: tcp
                tcp:
                  query_response:
                  - expect: "^+OK"
                  tls: true
                  tls_config:
                    insecure_skip_verify: false
              irc_banner:
                prober: tcp
                tcp:
                  query_response:
                  - send: "NICK prober"
                  - expect: "PING :(?P<what>[[:alnum:]^ ]+)"
                    send: "PONG ${1}"
                  - send: "EHLO prober\r"
              icmp_ttl5:
                prober: icmp
                timeout: 2m
                icmp: {ttl: 5, payload_size: 0, dont_fragment: true, source_ip_address: 127.0.0.1, ip_protocol_fallback: false}
              dns_soa:
                prober: dns
                dns:
                  query_name: example.org
                  transport_protocol: tcp
                  validate_answer_rrs: {fail_if_not_matches_regexp: ["a\tIN", 'b']}
                  validate_authority_rrs: {fail_if_all_match_regexp: ['c']}
            """).Modules;

        Assert.Equal(8, modules.Count);
        var get = modules["http_2xx"];
        Assert.Equal((TimeSpan.FromSeconds(5), FamilyChoice.Four), (get.Timeout, get.Family));
        Assert.Equal([new StatusRange(200, 299)], get.Http!.Statuses);
        Assert.Equal([new HeaderPattern("Set-Cookie", ".*", false, true)], get.Http.HeaderPatterns);
        var post = modules["http_post_2xx"].Http!;
        Assert.Equal(("POST", "{}", HttpVersionWish.One, 0, true), (post.Method, post.Body, post.Version, post.Redirects, post.MustUseTls));
        Assert.Equal([new HttpHeader("Accept-Encoding", "gzip")], post.Headers);
        Assert.Equal(new TcpDialogue(true, new TlsTrust(), [new("^+OK", null)]), modules["pop3s_banner"].Dialogue);
        Assert.Equal(
            [new(null, "NICK prober"), new("PING :(?<what>[a-zA-Z0-9^ ]+)", "PONG ${1}") { SendsCaptures = true }, new(null, "EHLO prober")],
            modules["irc_banner"].Dialogue!.Steps);
        Assert.Equal(
            new ProbeModule
            {
                Name = "icmp_ttl5",
                Kind = CheckKind.Icmp,
                Timeout = TimeSpan.FromMinutes(1),
                TimeToLive = 5,
                DontFragment = true,
                Source = IPAddress.Loopback,
                FallsBack = false,
            },
            modules["icmp_ttl5"]);
        Assert.Equal(
            new DnsSettings
            {
                Query = "example.org",
                RecordType = "ANY",
                Transport = DnsTransportWish.Tcp,
                Patterns =
                [
                    new(DnsSection.Answer, DnsPatternRule.FailsIfAnyDiffers, "a\tIN"), new(DnsSection.Answer, DnsPatternRule.FailsIfAnyDiffers, "b"),
                    new(DnsSection.Authority, DnsPatternRule.FailsIfAllMatch, "c"),
                ],
            },
            modules["dns_soa"].Dns);
    }

    [Theory]
    [InlineData("(?P<a>x)[[:digit:]_]", "(?<a>x)[0-9_]")]
    [InlineData(@"\[[:alpha:]]", @"\[[:alpha:]]")]
    [InlineData(@"[]a[:space:]]\]", @"[\]a\t\n\v\f\r ]\]")]
    [InlineData("", "")]
    [InlineData("[", "[")]
    [InlineData("\\", "\\")]
    public void Gos_expressions_become_NETs(string go, string net) => Assert.Equal(net, GoPattern.ToNet(go));

    [Theory]
    [InlineData("a: {}", "f:3:5: 'prober' is missing here")]
    [InlineData("a: 5", "f:3:5: a module is a mapping {prober, timeout, …}, not a single value")]
    [InlineData("a: {prober: grpc, grpc: {tls: true}}", "f:3:14: 'prober: grpc' is not done by Sonde: take the module out, or leave it with blackbox_exporter")]
    [InlineData("a: {prober: htp}", "f:3:14: 'prober' takes http or tcp or dns or icmp, not 'htp'")]
    [InlineData("a: {prober: http, http: {oauth2: {}}}", "f:3:27: 'oauth2' is not done by Sonde: give the target a token by 'bearer_token' or 'authorization'")]
    [InlineData("a: {prober: http, http: {fail_if_body_json_matches_cel: x}}", "f:3:27: 'fail_if_body_json_matches_cel' is not done by Sonde: ")]
    [InlineData("a: {prober: http, http: {valid_status_code: [200]}}", "f:3:27: 'valid_status_code' is not known here; did you mean 'valid_status_codes'?")]
    [InlineData("a: {prober: http, http: {valid_status_codes: [2xx]}}", "f:3:48: 'valid_status_codes' takes 100 to 999, not '2xx'")]
    [InlineData("a: {prober: http, http: {valid_http_versions: [HTTP/4]}}", "f:3:49: 'HTTP/4' is none of HTTP/1.0, HTTP/1.1, HTTP/2.0 and HTTP/3.0")]
    [InlineData("a: {prober: http, http: {fail_if_body_matches_regexp: ['(']}}", "f:3:57: the regular expression is wrong")]
    [InlineData("a: {prober: http, http: {fail_if_header_matches: [{header: A}]}}", "f:3:52: 'regexp' is missing here")]
    [InlineData("a: {prober: http, http: {fail_if_ssl: true, fail_if_not_ssl: true}}", "f:3:40: 'fail_if_ssl' and 'fail_if_not_ssl' fail every probe")]
    [InlineData("a: {prober: http, http: {bearer_token: hunter2, basic_auth: {username: a, password: hunter2}}}", "f:3:27: 'basic_auth' and 'bearer_token' exclude each other")]
    [InlineData("a: {prober: http, http: {basic_auth: {username: a, password_file: /etc/passwd}}}", "f:3:68: variables and secret files come only from a configuration on disk")]
    [InlineData("a: {prober: tcp, tcp: {query_response: [{}]}}", "f:3:42: this step does nothing: it wants 'expect', 'send' or 'starttls: true'")]
    [InlineData("a: {prober: tcp, tcp: {query_response: [{expect_bytes: 00}]}}", "f:3:43: 'expect_bytes' is not done by Sonde: ")]
    [InlineData("a: {prober: tcp, tcp: {query_response: [{send: \"a\\nhunter2\"}]}}", "f:3:49: 'send' takes 1 to 1000 characters on one line")]
    [InlineData("a: {prober: tcp, tcp: {tls: true, query_response: [{starttls: true}]}}", "f:3:52: TLS begins more than once")]
    [InlineData("a: {prober: tcp, tcp: {tls_config: {min_version: TLS14}}}", "f:3:51: 'min_version' takes TLS10, TLS11, TLS12 or TLS13, not 'TLS14'")]
    [InlineData("a: {prober: dns, dns: {}}", "f:3:24: 'query_name' is missing here")]
    [InlineData("a: {prober: dns, dns: {query_name: a, dns_over_tls: true}}", "f:3:54: 'dns_over_tls' wants 'transport_protocol: tcp'")]
    [InlineData("a: {prober: icmp, icmp: {payload_size: 5}}", "f:3:41: 'payload_size' takes 16 to 65000 bytes, or 0 for the usual")]
    [InlineData("a: {prober: icmp, icmp: {preferred_ip_protocol: 4}}", "f:3:50: 'preferred_ip_protocol' takes ip4 or ip6, not '4'")]
    [InlineData("a: {prober: icmp, icmp: {source_ip_address: b}}", "f:3:46: 'b' is not an IP address")]
    public void A_mistake_in_a_module_is_told_at_its_place(string module, string message)
    {
        var messages = Reading.Messages($"targets: [a]\nmodules:\n {module}");

        Assert.Contains(messages, told => told.StartsWith(message, StringComparison.Ordinal));
        Assert.DoesNotContain("hunter2", string.Join('\n', messages));
    }

    [Fact]
    public void A_file_that_is_all_modules_is_another_tools() =>
        Assert.Equal("blackbox_exporter", ConfigurationReader.ReadText("f", "modules: {icmp: {prober: icmp}}").Form.ToWord());

    [Fact]
    public void Modules_need_no_targets_beside_them() =>
        Assert.Empty(Reading.Good("listen: 127.0.0.1:9115\nmodules: {ping: {prober: icmp}}").Checks);
}
