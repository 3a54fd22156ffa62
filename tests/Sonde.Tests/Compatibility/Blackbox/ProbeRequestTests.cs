using System.Net;
using Microsoft.AspNetCore.Http;
using Sonde.Compatibility.Blackbox;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Compatibility.Blackbox;

public sealed class ProbeRequestTests
{
    private static readonly Dictionary<string, ProbeModule> Modules = new()
    {
        ["http_2xx"] = ProbeModule.Standard["http_2xx"],
        ["slow"] = new() { Name = "slow", Kind = CheckKind.Icmp, Timeout = TimeSpan.FromSeconds(7) },
        ["sourced"] = new() { Name = "sourced", Kind = CheckKind.Icmp, Source = IPAddress.Loopback },
        ["named"] = new()
        {
            Name = "named",
            Kind = CheckKind.Http,
            Http = ProbeModule.UnlimitedHttp with { Headers = [new HttpHeader("host", "own.example")] },
        },
    };

    [Theory]
    [InlineData("http_2xx", "10", 9.5)]
    [InlineData("http_2xx", "1.25", 0.75)]
    [InlineData("http_2xx", "", 60)]
    [InlineData("http_2xx", "0", 60)]
    [InlineData("http_2xx", "1e300", 60)]
    [InlineData("http_2xx", "0.3", 0.01)]
    [InlineData("slow", "10", 7)]
    [InlineData("slow", "5", 4.5)]
    [InlineData("slow", "0.5", 7)]
    [InlineData("slow", "", 7)]
    public void The_timeout_is_half_a_second_before_the_callers_and_at_most_the_modules(
        string module, string header, double seconds)
    {
        var request = Read($"?target=a&module={module}", out var problem, header);

        Assert.Null(problem);
        Assert.Equal(seconds, request!.Timeout.TotalSeconds, 6);
    }

    [Theory]
    [InlineData("?target=a&module=nobody", "Unknown module \"nobody\"")]
    [InlineData("?target=a&module=HTTP_2XX", "Unknown module \"HTTP_2XX\"")]
    [InlineData("?module=slow", "Target parameter is missing")]
    [InlineData("?target=&module=slow", "Target parameter is missing")]
    [InlineData("?target=a&module=sourced", "source_ip_address")]
    [InlineData("?target=a&hostname=b%0Ac", "Hostname parameter")]
    [InlineData("?target=a&module=named&hostname=other.example", "header Host of its own")]
    public void What_cannot_be_done_is_said(string query, string said)
    {
        Assert.Null(Read(query, out var problem));
        Assert.Contains(said, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("-1")]
    [InlineData("NaN")]
    [InlineData("1 s")]
    public void A_timeout_that_is_no_number_is_refused(string header)
    {
        Assert.Null(Read("?target=a", out var problem, header));
        Assert.Contains(ProbeRequest.TimeoutHeader, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_module_the_usual_one_is_meant()
    {
        Assert.Equal("http_2xx", Read("?target=a", out _)!.Module.Name);
        Assert.Equal("own.example", Read("?target=a&module=named&hostname=own.example", out _)!.HostName);
    }

    [Theory]
    [InlineData(nameof(CheckKind.Icmp), "192.0.2.1", "192.0.2.1", null)]
    [InlineData(nameof(CheckKind.Icmp), "[2001:db8::1]", "2001:db8::1", null)]
    [InlineData(nameof(CheckKind.Tcp), "[2001:db8::1]:443", "2001:db8::1", 443)]
    [InlineData(nameof(CheckKind.Tcp), "host.example:25", "host.example", 25)]
    [InlineData(nameof(CheckKind.Dns), "192.0.2.53", "192.0.2.53", null)]
    [InlineData(nameof(CheckKind.Dns), "192.0.2.53:5353", "192.0.2.53", 5353)]
    [InlineData(nameof(CheckKind.Http), "host.example/path?x=y", "host.example", null)]
    [InlineData(nameof(CheckKind.Http), "https://[2001:db8::1]:8443/", "2001:db8::1", null)]
    [InlineData(nameof(CheckKind.Http), "ftp://host.example/", "ftp", null)]
    public void A_target_is_read_as_its_module_takes_it(string kind, string text, string host, int? port)
    {
        var target = ModuleTarget.Read(Enum.Parse<CheckKind>(kind), text, out var problem);

        Assert.Null(problem);
        Assert.Equal(host, target!.Host);
        Assert.Equal(port, target.Port);
    }

    [Theory]
    [InlineData(nameof(CheckKind.Icmp), "host.example:80")]
    [InlineData(nameof(CheckKind.Icmp), "a b")]
    [InlineData(nameof(CheckKind.Tcp), "host.example")]
    [InlineData(nameof(CheckKind.Tcp), "host.example:0")]
    [InlineData(nameof(CheckKind.Tcp), "http://host.example")]
    [InlineData(nameof(CheckKind.Dns), "[::1")]
    [InlineData(nameof(CheckKind.Http), "http://")]
    [InlineData(nameof(CheckKind.Http), "http://a b/")]
    public void A_target_that_is_none_is_said_to_be_wrong(string kind, string text)
    {
        Assert.Null(ModuleTarget.Read(Enum.Parse<CheckKind>(kind), text, out var problem));
        Assert.NotEmpty(problem!);
    }

    [Fact]
    public void A_user_name_in_a_URL_becomes_a_header_and_leaves_the_URL()
    {
        var target = ModuleTarget.Read(CheckKind.Http, "https://me:p%40ss@host.example/x", out _)!;

        Assert.Equal("https://host.example/x", target.Url!.ToString());
        Assert.Equal("Basic bWU6cEBzcw==", target.Authorization);
        Assert.Null(ModuleTarget.Read(CheckKind.Http, new string('a', 2001), out _));
    }

    [Theory]
    [InlineData("CN=Test CA", "CN=Test CA")]
    [InlineData(@"O=Example\, Inc,CN=a.example", @"CN=a.example,O=Example\, Inc")]
    [InlineData("CN=a,O=b,L=c,ST=d,C=e", "CN=a,ST=d,L=c,O=b,C=e")]
    [InlineData("OU=one,OU=two,DC=x,CN=a", "CN=a,OU=two+OU=one,DC=x")]
    [InlineData("", "")]
    public void The_names_of_certificates_are_in_the_order_of_Go(string name, string expected) =>
        Assert.Equal(expected, GoName.Of(name));

    [Theory]
    [InlineData("127.0.0.1", 3668918509)]
    [InlineData("::1", 1751717746)]
    public void An_address_has_the_hash_that_blackbox_exporter_gives_it(string address, double hash) =>
        Assert.Equal(hash, AddressNumbers.HashOf(IPAddress.Parse(address)));

    private static ProbeRequest? Read(string query, out string? problem, string header = "")
    {
        var context = new DefaultHttpContext();
        context.Request.QueryString = new QueryString(query);
        if (header.Length > 0)
        {
            context.Request.Headers[ProbeRequest.TimeoutHeader] = header;
        }
        return ProbeRequest.Read(context.Request, Modules, out problem);
    }
}
