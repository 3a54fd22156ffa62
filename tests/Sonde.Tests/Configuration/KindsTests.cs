using Sonde.Configuration;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Configuration;

/// <summary>Checks of the kinds http, dns and push.</summary>
public sealed class KindsTests
{
    [Theory]
    [InlineData("https://example.org/health", "http", "example.org", null, "https://example.org/health", "http-https-example.org-health")]
    [InlineData("HTTP://[2001:db8::1]:8080/a%20b?token=secret", "http", "2001:db8::1", null, "http://[2001:db8::1]:8080/a b", null)]
    [InlineData("https://192.0.2.1", "http", "192.0.2.1", null, "https://192.0.2.1/", null)]
    [InlineData("dns://1.1.1.1/example.org?type=AAAA", "dns", "1.1.1.1", null, "dns://1.1.1.1/example.org?type=AAAA", null)]
    [InlineData("dns://resolver.example:5353/example.org", "dns", "resolver.example", 5353, "dns://resolver.example:5353/example.org", null)]
    [InlineData("dns://[2606:4700:4700::1111]/example.org?type=mx;class=ch", "dns", "2606:4700:4700::1111", null, "dns://[2606:4700:4700::1111]/example.org?type=MX", null)]
    public void An_address_says_its_kind(string address, string kind, string host, int? port, string name, string? id)
    {
        var check = Reading.OneCheck($"targets: ['{address}']");

        Assert.Equal((kind, host, port, name), (check.Kind.ToWord(), check.Host, check.Port, check.Name));
        Assert.Equal(check.Id.Value, id ?? check.Id.Value);
        Assert.Equal(check.Kind == CheckKind.Http, check.Http is not null);
        Assert.Equal(check.Kind == CheckKind.Dns, check.Dns is not null);
    }

    [Fact]
    public void Forty_URLs_share_what_their_group_says_and_the_nearest_word_wins()
    {
        var configuration = Reading.Good("""
            defaults: {timeout: 5s, expectStatus: 2xx, headers: {Accept: text/html}}
            groups:
              - name: Sites
                kind: http
                expectBody: ok
                rejectBody: [error, failed]
                tls: {verify: false}
                targets:
                  - https://a.example/
                  - {address: 'https://b.example/', expectStatus: [200, 300-304], rejectBody: none, method: HEAD}
            targets: ['https://c.example/']
            """);

        var (a, b, c) = (configuration.Checks[0].Http!, configuration.Checks[1].Http!, configuration.Checks[2].Http!);
        Assert.Equal([new BodyPattern("ok", true), new BodyPattern("error", false), new BodyPattern("failed", false)], a.BodyPatterns);
        Assert.Equal([new BodyPattern("ok", true), new BodyPattern("none", false)], b.BodyPatterns);
        Assert.Equal([new StatusRange(200, 299)], a.Statuses);
        Assert.Equal([new StatusRange(200, 200), new StatusRange(300, 304)], b.Statuses);
        Assert.Equal(("GET", "HEAD", false, true), (a.Method, b.Method, b.Tls.Verify, c.Tls.Verify));
        Assert.All([a, b, c], http => Assert.Equal([new HttpHeader("Accept", "text/html")], http.Headers));
        Assert.Empty(c.BodyPatterns);
    }

    [Fact]
    public void An_http_check_says_everything_about_itself()
    {
        var http = Reading.OneCheck("""
            targets:
              - name: API
                address: https://api.example/v1
                method: POST
                headers: {Host: other.example, X-Key: k}
                body: |
                  {"a":
                   1}
                basicAuth: {username: me, password: 'pass word'}
                followRedirects: false
                httpVersion: 1.1
                proxy: http://proxy.example:3128
                bodyLimit: 1MB
                watchContent: true
                expectHeader: {Content-Type: '^application/json'}
                rejectHeader: {X-Error: .}
                expectJson: {$.state: up, "$.checks[0]['a b']": 5, $.gone: ~}
                expectSize: {min: 1, max: 10KB}
            """).Http!;

        Assert.Equal(
            new HttpSettings
            {
                Method = "POST",
                Headers = [new("Host", "other.example"), new("X-Key", "k")],
                Body = "{\"a\":\n 1}\n",
                Authorization = "Basic bWU6cGFzcyB3b3Jk",
                Redirects = 0,
                Version = HttpVersionWish.One,
                Proxy = "http://proxy.example:3128",
                BodyLimit = 1 << 20,
                WatchesContent = true,
                HeaderPatterns = [new("Content-Type", "^application/json", true), new("X-Error", ".", false, AllowsMissing: true)],
                JsonValues = [new("$.state", "up"), new("$.checks[0]['a b']", "5"), new("$.gone", "null")],
                MinimumSize = 1,
                MaximumSize = 10 << 10,
            },
            http);
    }

    [Fact]
    public void A_dns_check_says_everything_about_itself()
    {
        var check = Reading.OneCheck("""
            targets:
              - name: Mail
                kind: dns
                address: 9.9.9.9:853
                query: example.org
                recordType: mx
                dnsClass: IN
                transport: tls
                tls: {serverName: dns.quad9.net}
                recursion: false
                expectRcode: [noerror, NXDOMAIN]
                expectAnswer: 10 mail.example.org
                matchAnswer: mail
                rejectAnswer: [spam, evil]
            """);

        Assert.Equal((CheckKind.Dns, "9.9.9.9", 853), (check.Kind, check.Host, check.Port));
        Assert.Equal(
            new DnsSettings
            {
                Query = "example.org",
                RecordType = "MX",
                Transport = DnsTransportWish.Tls,
                Recursion = false,
                ResponseCodes = ["NOERROR", "NXDOMAIN"],
                Answers = ["10 mail.example.org"],
                Patterns =
                [
                    new(DnsSection.Answer, DnsPatternRule.FailsIfNoneMatches, "mail"),
                    new(DnsSection.Answer, DnsPatternRule.FailsIfAnyMatches, "spam"),
                    new(DnsSection.Answer, DnsPatternRule.FailsIfAnyMatches, "evil"),
                ],
                Tls = new TlsTrust { ServerName = "dns.quad9.net" },
            },
            check.Dns);
    }

    [Fact]
    public void Several_resolvers_are_checks_side_by_side_in_one_group()
    {
        var checks = Reading.Good("""
            targets:
              - {name: Example, kind: dns, query: example.org, resolvers: [1.1.1.1, '9.9.9.9:5353']}
              - {kind: dns, query: example.org, recordType: AAAA, resolvers: ['2606:4700:4700::1111']}
            """).Checks;

        Assert.Equal(
            ["Example @1.1.1.1 1.1.1.1  Example", "Example @9.9.9.9:5353 9.9.9.9 5353 Example",
             "example.org AAAA @2606:4700:4700::1111 2606:4700:4700::1111  example.org AAAA"],
            checks.Select(check => $"{check.Name} {check.Host} {check.Port} {check.Group}"));
    }

    [Fact]
    public void Resolvers_may_be_the_targets_of_a_group()
    {
        var checks = Reading.Good("groups: [{name: DNS, kind: dns, query: example.org, targets: [1.1.1.1, '9.9.9.9:53', {address: r.example, port: 54}]}]").Checks;

        Assert.Equal(["1.1.1.1 ", "9.9.9.9 53", "r.example 54"], checks.Select(check => $"{check.Host} {check.Port}"));
        Assert.All(checks, check => Assert.Equal(("example.org", CheckKind.Dns), (check.Dns!.Query, check.Kind)));
    }

    [Fact]
    public void A_job_calls_with_its_token()
    {
        var check = Reading.OneCheck("targets: [{name: Backup, kind: push, token: 0123456789abcdef, interval: 1d, grace: 1h}]");

        Assert.Equal((CheckKind.Push, "push-backup", "", 0), (check.Kind, check.Id.Value, check.Address, check.ProbesPerSecond));
        Assert.Equal(new PushSettings("0123456789abcdef") { Grace = TimeSpan.FromHours(1) }, check.Push);
    }

    [Fact]
    public void Probe_is_allowed_for_names_and_networks()
    {
        var allow = Reading.Good("probe: {allow: [Example.org., 10.0.0.0/8, 192.0.2.1, '2001:db8::/32']}\nmodules: {}").ProbeAllow;

        Assert.All(["example.org", "EXAMPLE.org", "10.1.2.3", "192.0.2.1", "::ffff:10.0.0.1", "2001:db8::5"], host => Assert.True(allow.Allows(host), host));
        Assert.All(["www.example.org", "11.0.0.1", "192.0.2.2", "::1", ""], host => Assert.False(allow.Allows(host), host));
        Assert.False(ProbeAllowList.None.Allows("example.org"));
    }

    [Theory]
    // addresses
    [InlineData("targets: ['https://me:hunter2@example.org/']", "f:1:11: 'https://…@example.org/' holds a user name or password, which pages and logs would show: leave it out and write 'basicAuth: {username: …, password: {file: path}}'")]
    [InlineData("targets: ['https://me:hunter2/3@example.org/?key=hunter2']", "f:1:11: 'https://…@example.org/?…' has a port that is not 1 to 65535")]
    [InlineData("targets: ['https://exa mple/?key=hunter2']", "f:1:11: 'https://exa mple/?…' is not a host name or IP address")]
    [InlineData("targets: ['https://']", "f:1:11: 'https://' is not a host name or IP address")]
    [InlineData("targets: ['https://256.1.1.1']", "f:1:11: 'https://256.1.1.1' is not an IPv4 address: four numbers of 0 to 255 without leading zeros")]
    [InlineData("targets: ['dns://1.1.1.1']", "f:1:11: a dns check needs 'query', the name to ask for")]
    [InlineData("targets: ['dns://1.1.1.1/a?typ=A']", "f:1:11: 'dns://1.1.1.1/a?…' has something behind its '?' that is neither type=… nor class=… with a word of DNS")]
    [InlineData("targets: ['dns://1.1.1.1/a..b']", "f:1:11: 'dns://1.1.1.1/a..b' asks for something that is no name")]
    [InlineData("targets: [{address: a, kind: http}]", "f:1:21: an http check needs a URL: write the address as https://host/path")]
    [InlineData("targets: [{address: 'https://a', kind: icmp}]", "f:1:21: the address is the URL of an http check, and 'kind: icmp' contradicts it")]
    [InlineData("targets: [{address: 'https://a', port: 5}]", "f:1:34: 'port' is not for http checks: the URL says it")]
    [InlineData("targets: [{address: 'https://a', ttl: 5}]", "f:1:34: 'ttl' is for icmp checks, and this one is http")]
    [InlineData("targets: [{address: 'https://a', tls: true}]", "f:1:39: 'tls' takes a mapping {verify, serverName, …} here: the URL says whether TLS is spoken")]
    [InlineData("targets: ['https://a/?x=1', 'https://a/?x=2', 'https://a/']", "f:1:29: 'https://a/?…' would get the same name as 'https://a/?…' at line 1, column 11: give one of them a 'name:' of its own|f:1:47: 'https://a/' would get the same name")]
    // http
    [InlineData("targets: [{address: 'https://a', expectStatus: 2xy}]", "f:1:48: 'expectStatus' takes 200, 2xx or 200-204 (100 to 999), not '2xy'")]
    [InlineData("targets: [{address: 'https://a', expectStatus: 299-200}]", "f:1:48: 'expectStatus' takes 200, 2xx or 200-204 (100 to 999), not '299-200'")]
    [InlineData("targets: [{address: 'https://a', expectBody: '(?=a)'}]", "f:1:46: the regular expression looks ahead")]
    [InlineData("targets: [{address: 'https://a', expectHeader: {X: '('}}]", "f:1:52: the regular expression is wrong at its character 1")]
    [InlineData("targets: [{address: 'https://a', expectJson: {state: up}}]", "f:1:47: 'state' is no path into JSON: $ and then any number of .name, ['name'] and [0]")]
    [InlineData("targets: [{address: 'https://a', expectSize: {min: 2, max: 1}}]", "f:1:60: 'max' is less than 'min'")]
    [InlineData("targets: [{address: 'https://a', expectSize: {mini: 2}}]", "f:1:47: 'mini' is not known here; did you mean 'min'?")]
    [InlineData("targets: [{address: 'https://a', bodyLimit: 1GB}]", "f:1:45: 'bodyLimit' takes a size from 1 to 104857600 bytes, as 512, 10KB or 10MB, not '1GB'")]
    [InlineData("targets: [{address: 'https://a', method: get}]", "f:1:42: 'method' takes a method in capitals")]
    [InlineData("targets: [{address: 'https://a', method: TRACE}]", "f:1:42: 'method' takes a method in capitals")]
    [InlineData("targets: [{address: 'https://a', headers: {a b: c}}]", "f:1:44: 'a b' is no header")]
    [InlineData("targets: [{address: 'https://a', headers: {Content-Length: 5}}]", "f:1:44: 'Content-Length' says how the request is framed")]
    [InlineData("targets: [{address: 'https://a', headers: {A: 1, a: 2}}]", "f:1:50: 'a' is written twice")]
    [InlineData("targets: [{address: 'https://a', headers: {A: \"1\\n2\"}}]", "f:1:47: 'A' takes 1 to 4000 characters on one line")]
    [InlineData("targets: [{address: 'https://a', basicAuth: {username: a}}]", "f:1:45: 'password' is missing here")]
    [InlineData("targets: [{address: 'https://a', basicAuth: {username: 'a:b', password: hunter2}}]", "f:1:56: 'username' takes no colon")]
    [InlineData("targets: [{address: 'https://a', bearerToken: hunter2, basicAuth: {username: a, password: hunter2}}]", "f:1:56: 'basicAuth' and 'bearerToken' exclude each other: leave one out")]
    [InlineData("targets: [{address: 'https://a', followRedirects: 51}]", "f:1:51: 'followRedirects' takes true, false or how many, 0 to 50, not '51'")]
    [InlineData("targets: [{address: 'https://a', httpVersion: 1.2}]", "f:1:47: 'httpVersion' takes auto or 1.1 or 2 or 3, not '1.2'")]
    [InlineData("targets: [{address: 'https://a', proxy: 'http://me:hunter2@p:1'}]", "f:1:41: 'proxy' takes http://host:port, without user name and password")]
    [InlineData("targets: [{address: 'https://a', tls: {authorityFile: x}}]", "f:1:55: variables and secret files come only from a configuration on disk, never from a pasted one")]
    [InlineData("targets: [{address: 'https://a', tls: {minVersion: 1.3, maxVersion: 1.2}}]", "f:1:69: 'maxVersion' is older than 'minVersion'")]
    [InlineData("targets: [{address: 'https://a', tls: {minVersion: 1}}]", "f:1:52: 'minVersion' takes 1.0, 1.1, 1.2 or 1.3, not '1'")]
    // dns
    [InlineData("targets: [{address: a, query: b}]", "f:1:24: 'query' is for dns checks, and this one is icmp")]
    [InlineData("targets: [{address: a, kind: dns}]", "f:1:21: a dns check needs 'query', the name to ask for")]
    [InlineData("targets: [{address: a, kind: dns, query: b, recordType: AAA}]", "f:1:57: 'AAA' is no type of record of DNS; did you mean ")]
    [InlineData("targets: [{address: a, kind: dns, query: b, expectRcode: NXDOMIAN}]", "f:1:58: 'NXDOMIAN' is no response code of DNS; did you mean NXDOMAIN?")]
    [InlineData("targets: [{address: a, kind: dns, query: b, dnsClass: XX}]", "f:1:55: 'XX' is no class of DNS")]
    [InlineData("targets: [{address: a, kind: dns, query: a b}]", "f:1:42: 'a b' is no name that can be asked for")]
    [InlineData("targets: [{address: a, kind: dns, query: b, tls: {verify: false}}]", "f:1:45: 'tls' wants 'transport: tls' beside it")]
    [InlineData("targets: [{address: 'dns://a/b', query: c}]", "f:1:41: the address says 'query' already: leave one of them out")]
    [InlineData("targets: [{kind: dns, query: c, resolvers: [1.1.1], id: x}]", "f:1:45: '1.1.1' is not an IPv4 address: four numbers of 0 to 255 without leading zeros|f:1:53: 'id' is of one check, and 'resolvers' makes one for each of them: leave one of the two out")]
    // push
    [InlineData("targets: [{kind: push}]", "f:1:11: 'name' is missing here|f:1:11: 'token' is missing here")]
    [InlineData("targets: [{name: a, kind: push, interval: 1h, token: short}]", "f:1:54: 'token' takes 16 to 128 letters, digits, - and _: make one with 'openssl rand -hex 24'")]
    [InlineData("targets: [{name: a, kind: push, token: 0123456789abcdef}]", "f:1:40: a push check needs 'interval': how often the job calls")]
    [InlineData("targets: [{name: a, kind: push, interval: 1h, token: 0123456789abcdef, address: b}]", "f:1:72: 'address' is for icmp and tcp and http and dns checks, and this one is push")]
    [InlineData("targets: [{name: a, kind: push, interval: 1h, token: 0123456789abcdef}, {name: b, kind: push, interval: 1h, token: 0123456789abcdef}]", "f:1:116: 'token' is also that of 'a' in line 1")]
    [InlineData("groups: [{name: g, kind: push, interval: 1h, targets: [a]}]", "f:1:56: a push check has no address: write {name: …, token: …}")]
    // probe
    [InlineData("probe: {allow: ['https://a', 10.0.0.0/40]}\ntargets: [a]", "f:1:17: 'https://a' is not a host name without a port|f:1:30: '10.0.0.0/40' is not a host name without a port")]
    public void A_mistake_is_told_at_its_place_without_secrets(string text, string messages)
    {
        var found = Reading.Messages(text);

        Assert.Equal(messages.Split('|').Length, found.Length);
        Assert.All(found.Zip(messages.Split('|'), (message, start) => (message, start)), pair => Assert.StartsWith(pair.start, pair.message));
        Assert.DoesNotContain("hunter2", string.Join('\n', found));
        Assert.DoesNotContain("0123456789abcdef", string.Join('\n', found));
    }
}
