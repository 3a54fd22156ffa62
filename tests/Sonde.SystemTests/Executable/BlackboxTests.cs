using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace Sonde.SystemTests.Executable;

/// <summary><c>/probe</c> beside Debian's blackbox_exporter, with the same modules, of the same targets.</summary>
public sealed partial class BlackboxTests
{
    private const string Blackbox = "prometheus-blackbox-exporter";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_name_label_and_type_of_blackbox_exporter_is_there_with_its_value()
    {
        using var folder = new WorkFolder();
        TestCertificate.WriteTo(folder["cert.pem"], folder["key.pem"]);
        var (plain, secured) = (Nginx.FreePort(), Nginx.FreePort());
        await File.WriteAllTextAsync(folder["nginx.conf"], WebServer(folder, plain, secured), Token);
        var modules = Modules(folder["cert.pem"]);
        await File.WriteAllTextAsync(folder["blackbox.yml"], modules, Token);
        folder.Write(modules + "targets: [127.0.0.1]\n");
        await using var nginx = OtherProgram.StartOrSkip(
            folder, "nginx", "-p", folder.FullPath, "-c", folder["nginx.conf"], "-e", folder["nginx.log"]);
        using var peers = new ProbePeers();
        var port = Nginx.FreePort();
        await using var blackbox = OtherProgram.StartOrSkip(
            folder, Blackbox, $"--config.file={folder["blackbox.yml"]}", Text($"--web.listen-address=127.0.0.1:{port}"));
        await using var run = await SondeRun.StartAsync(folder, Token);
        using var other = new HttpClient { BaseAddress = new Uri(Text($"http://127.0.0.1:{port}/")), Timeout = Eventually.Bound };
        await Eventually.FindAsync(() => blackbox.TryGetAsync(other, new Uri("-/healthy", UriKind.Relative), Token), "it answers", blackbox.Told, Token);
        await Eventually.FindAsync(() => nginx.TryGetAsync(other, new Uri(Text($"http://127.0.0.1:{plain}/")), Token), "nginx answers", nginx.Told, Token);

        foreach (var (module, target) in Cases(plain, secured, peers))
        {
            var query = $"probe?module={module}&target={Uri.EscapeDataString(target)}";
            var theirs = await other.GetStringAsync(new Uri(query, UriKind.Relative), Token);
            var ours = await run.Page.GetStringAsync(new Uri(query, UriKind.Relative), Token);

            Assert.All(Types(theirs), type => Assert.Contains(type, Types(ours)));
            var told = Series(ours);
            Assert.All(Series(theirs), series =>
            {
                var own = told.SingleOrDefault(one => Matches(one.Name, series.Name));
                Assert.True(own.Name is not null, $"{query}: {series.Name} is missing in\n{ours}");
                var isTime = series.Name.Contains("duration", StringComparison.Ordinal) || series.Name.Contains("lookup", StringComparison.Ordinal);
                Assert.True(isTime ? own.Value is >= 0 and < 3 : own.Value == series.Value, $"{query}: {series} but {own.Value}");
            });
        }
    }

    [Fact]
    public async Task A_hundred_requests_at_a_time_are_all_answered()
    {
        using var folder = new WorkFolder("targets: [127.0.0.1]\n");
        await using var run = await SondeRun.StartAsync(folder, Token);

        var texts = await Task.WhenAll(Enumerable.Range(1, 100).Select(number =>
            run.Page.GetStringAsync(new Uri(Text($"probe?module=icmp&target=127.0.0.{number}"), UriKind.Relative), Token)));

        Assert.All(texts, text => Assert.Contains("\nprobe_success 1\n", text, StringComparison.Ordinal));
        Assert.All(texts, text => Assert.InRange(
            Series(text).Single(series => series.Name.Contains("rtt", StringComparison.Ordinal)).Value, 1e-7, 0.01));
    }

    /// <summary>Each kind, answered and failed in each of its ways.</summary>
    private static IEnumerable<(string Module, string Target)> Cases(int plain, int secured, ProbePeers peers)
    {
        var web = Text($"127.0.0.1:{plain}");
        return
        [
            ("icmp", "127.0.0.1"), ("icmp", "no-such-name.invalid"),
            ("http_2xx", web), ("http_2xx", $"http://{web}/moved"), ("http_2xx", $"http://{web}/gone"),
            ("http_2xx", "http://127.0.0.1:1/"), ("http_2xx", "http://no-such-name.invalid/"), ("http_2xx", "ftp://127.0.0.1/"),
            ("http_2xx", Text($"https://127.0.0.1:{secured}/")), ("https", Text($"https://127.0.0.1:{secured}/")),
            ("https_any", Text($"https://127.0.0.1:{secured}/")),
            ("http_pattern", web), ("http_header", web), ("http_limit", web), ("http_status", web),
            ("tcp_connect", web), ("tcp_connect", "127.0.0.1:1"), ("tcp_connect", "127.0.0.1"), ("tcp_connect", "no-such-name.invalid:1"),
            ("tcp_tls", Text($"127.0.0.1:{secured}")), ("tcp_tls", web),
            ("tcp_banner", peers.Banner), ("tcp_other", peers.Banner),
            ("dns_a", peers.Resolver), ("dns_soa", peers.Resolver), ("dns_rcode", peers.Resolver), ("dns_pattern", peers.Resolver),
            ("dns_a", "127.0.0.1:1"), ("dns_a", "no-such-name.invalid"),
        ];
    }

    private static string Modules(string certificate) => """
        modules:
          icmp: {prober: icmp, timeout: 2s}
          http_2xx: {prober: http, timeout: 2s}
          https: {prober: http, timeout: 2s, http: {tls_config: {ca_file: CERTIFICATE}}}
          https_any: {prober: http, timeout: 2s, http: {tls_config: {insecure_skip_verify: true}}}
          http_pattern: {prober: http, timeout: 2s, http: {fail_if_body_matches_regexp: ["hello"]}}
          http_header: {prober: http, timeout: 2s, http: {fail_if_header_not_matches: [{header: X-No, regexp: x}]}}
          http_limit: {prober: http, timeout: 2s, http: {body_size_limit: 5B}}
          http_status: {prober: http, timeout: 2s, http: {valid_status_codes: [404]}}
          tcp_connect: {prober: tcp, timeout: 2s}
          tcp_tls: {prober: tcp, timeout: 2s, tcp: {tls: true, tls_config: {ca_file: CERTIFICATE}}}
          tcp_banner: {prober: tcp, timeout: 2s, tcp: {query_response: [{expect: "^SSH-([0-9])", send: "hi $1"}]}}
          tcp_other: {prober: tcp, timeout: 2s, tcp: {query_response: [{expect: "^POP"}]}}
          dns_a: {prober: dns, timeout: 2s, dns: {query_name: example.org, query_type: A}}
          dns_soa: {prober: dns, timeout: 2s, dns: {query_name: example.org, query_type: SOA}}
          dns_rcode: {prober: dns, timeout: 2s, dns: {query_name: example.org, query_type: A, valid_rcodes: [NXDOMAIN]}}
          dns_pattern: {prober: dns, timeout: 2s, dns: {query_name: example.org, query_type: A, validate_answer_rrs: {fail_if_matches_regexp: [".*"]}}}

        """.Replace("CERTIFICATE", certificate, StringComparison.Ordinal);

    private static string WebServer(WorkFolder folder, int plain, int secured) => Text($$"""
        daemon off;
        master_process off;
        pid {{folder["nginx.pid"]}};
        events {}
        http {
          access_log off;
          client_body_temp_path {{folder["body"]}};
          proxy_temp_path {{folder["proxy"]}};
          fastcgi_temp_path {{folder["fastcgi"]}};
          uwsgi_temp_path {{folder["uwsgi"]}};
          scgi_temp_path {{folder["scgi"]}};
          server {
            listen 127.0.0.1:{{plain}};
            location / { return 200 "hello world\n"; }
            location /moved { return 302 /; }
            location /gone { return 410; }
          }
          server {
            listen 127.0.0.1:{{secured}} ssl http2;
            ssl_certificate {{folder["cert.pem"]}};
            ssl_certificate_key {{folder["key.pem"]}};
            location / { return 200 "hello world\n"; }
          }
        }
        """);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static HashSet<string> Types(string text) =>
        [.. text.Split('\n').Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal))];

    private static List<(string Name, double Value)> Series(string text) =>
    [
        .. text.Split('\n').Where(line => line.StartsWith("probe_", StringComparison.Ordinal)).Select(line => (
            line[..line.LastIndexOf(' ')],
            double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture))),
    ];

    /// <summary>True when it has the same name and all labels of the other, and perhaps more.</summary>
    private static bool Matches(string own, string other) =>
        own.Split('{')[0] == other.Split('{')[0] && Labels(other).IsSubsetOf(Labels(own));

    private static HashSet<string> Labels(string series) => [.. Label().Matches(series).Select(label => label.Value)];

    [GeneratedRegex("""\w+="[^"]*"(?=[,}])""")]
    private static partial Regex Label();
}
