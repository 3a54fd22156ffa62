using Sonde.Configuration;
using Xunit;

namespace Sonde.Tests.Configuration;

/// <summary>The keys <c>telemetry</c> and <c>remoteWrite</c>.</summary>
public sealed class ExportTests
{
    private const string Tail = "\ntargets: [a]";

    [Fact]
    public void Nothing_is_sent_to_anybody_who_was_not_named()
    {
        var configuration = Reading.Good("targets: [a]");

        Assert.Null(configuration.Otlp);
        Assert.Empty(configuration.RemoteWrite);
    }

    [Theory]
    [InlineData("'http://127.0.0.1:4317'", "Grpc")]
    [InlineData("'http://127.0.0.1:4318'", "Http")]
    [InlineData("'https://otel.example/otlp'", "Grpc")]
    [InlineData("'http://[::1]:4318/', protocol: grpc", "Grpc")]
    [InlineData("'http://a:1', protocol: http", "Http")]
    public void The_protocol_follows_the_port_unless_it_is_said(string endpoint, string protocol) =>
        Assert.Equal(protocol, Reading.Good($"telemetry: {{otlp: {{endpoint: {endpoint}}}}}{Tail}").Otlp!.Protocol.ToString());

    [Fact]
    public void Everything_of_telemetry_is_read()
    {
        var otlp = Reading.Good(
            "telemetry: {otlp: {endpoint: 'http://a:4317', traceRatio: 0.5, interval: 10s, headers: {api-key: x y, B: z}, bearerToken: t}}" + Tail).Otlp!;

        Assert.Equal((0.5, TimeSpan.FromSeconds(10)), (otlp.TraceRatio, otlp.Interval));
        Assert.Equal([("api-key", "x y"), ("B", "z"), ("Authorization", "Bearer t")], otlp.Headers.All);
    }

    [Fact]
    public void Everything_of_remote_write_is_read()
    {
        var receivers = Reading.Good(
            "remoteWrite: [{url: 'http://a/w?x=1'}, {url: 'https://b/w', interval: 1m, timeout: 5s, basicAuth: {username: Aladdin, password: open sesame}}]" + Tail)
            .RemoteWrite;

        Assert.Equal(
            (new Uri("http://a/w?x=1"), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(30)),
            (receivers[0].Url, receivers[0].Interval, receivers[0].Timeout));
        Assert.Empty(receivers[0].Headers.All);
        Assert.Equal((TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(5)), (receivers[1].Interval, receivers[1].Timeout));
        Assert.Equal([("Authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")], receivers[1].Headers.All); // RFC 7617 section 2
    }

    [Fact]
    public void Secrets_come_from_variables_and_files()
    {
        using var directory = new ScratchDirectory();
        directory.Write("token", "from-file\n");

        var reading = ConfigurationReader.ReadFile(
            directory.Write(
                "sonde.yaml",
                "telemetry: {otlp: {endpoint: '${OTEL_EXPORTER_OTLP_ENDPOINT}', headers: {k: '${KEY}'}}}\n"
                + "remoteWrite: [{url: 'http://a', bearerToken: {file: token}}]\ntargets: [a]"),
            name => name == "KEY" ? "from-variable" : "http://named:4318");

        Assert.Equal(new Uri("http://named:4318"), reading.Configuration!.Otlp!.Endpoint);
        Assert.Equal([("k", "from-variable")], reading.Configuration.Otlp.Headers.All);
        Assert.Equal([("Authorization", "Bearer from-file")], reading.Configuration.RemoteWrite[0].Headers.All);
    }

    [Theory]
    [InlineData("telemetry: 1", "f:1:12: 'telemetry' takes {otlp: {endpoint, …}}, not a single value")]
    [InlineData("telemetry: {otpl: {}}", "'otpl' is not known here; did you mean 'otlp'?")]
    [InlineData("telemetry: {otlp: {}}", "'endpoint' is missing here")]
    [InlineData("telemetry: {otlp: {endpoint: 'a:4317'}}", "'endpoint' takes a URL of http or https, as http://127.0.0.1:4317")]
    [InlineData("telemetry: {otlp: {endpoint: 'ftp://a'}}", "'endpoint' takes a URL of http or https")]
    [InlineData("telemetry: {otlp: {endpoint: '/v1'}}", "'endpoint' takes a URL of http or https")]
    [InlineData("telemetry: {otlp: {endpoint: 'http://u:SECRET@a'}}", "'endpoint' takes a URL without a user and a password")]
    [InlineData("telemetry: {otlp: {endpoint: 'http://a?k=SECRET'}}", "'endpoint' takes a URL without a query")]
    [InlineData("telemetry: {otlp: {endpoint: 'http://a', protocol: udp}}", "'protocol' takes grpc or http, not 'udp'")]
    [InlineData("telemetry: {otlp: {endpoint: 'http://a', traceRatio: 1.1}}", "'traceRatio' takes a number from 0 to 1, not '1.1'")]
    [InlineData("telemetry: {otlp: {endpoint: 'http://a', traceRatio: NaN}}", "'traceRatio' takes a number from 0 to 1")]
    [InlineData("telemetry: {otlp: {endpoint: 'http://a', interval: 0s}}", "'interval' takes a duration from 1s to 1h")]
    [InlineData("remoteWrite: {url: 'http://a'}", "'remoteWrite' takes a list of {url, …}, not a mapping")]
    [InlineData("remoteWrite: [http://a]", "'remoteWrite' takes {url, …}, not a single value")]
    [InlineData("remoteWrite: [{}]", "'url' is missing here")]
    [InlineData("remoteWrite: [{url: 'http://'}]", "'url' takes a URL of http or https")]
    [InlineData("remoteWrite: [{url: 'http://a#SECRET'}]", "'url' takes a URL of http or https")]
    [InlineData("remoteWrite: [{url: 'http://a', timeout: 1h}]", "'timeout' takes a duration from 100ms to 5m")]
    [InlineData("remoteWrite: [{url: 'http://a', headers: {'a b': SECRET}}]", "a header's name takes 1 to 100 letters")]
    [InlineData("remoteWrite: [{url: 'http://a', headers: {Content-Type: SECRET}}]", "the header 'Content-Type' is not yours to set")]
    [InlineData("remoteWrite: [{url: 'http://a', headers: {user-agent: SECRET}}]", "the header 'user-agent' is not yours to set")]
    [InlineData("remoteWrite: [{url: 'http://a', headers: {a: SECRET, A: SECRET}}]", "the header 'A' is written twice")]
    [InlineData("remoteWrite: [{url: 'http://a', headers: {a: SECRÉT}}]", "'a' takes letters, digits and signs of ASCII")]
    [InlineData("remoteWrite: [{url: 'http://a', headers: {a: [SECRET]}}]", "'a' takes a text or {file: path}, not a list")]
    [InlineData("remoteWrite: [{url: 'http://a', headers: {authorization: SECRET}, bearerToken: SECRET}]", "'headers' has an Authorization beside")]
    [InlineData("remoteWrite: [{url: 'http://a', basicAuth: {username: a, password: SECRET}, bearerToken: SECRET}]", "takes either 'basicAuth' or 'bearerToken'")]
    [InlineData("remoteWrite: [{url: 'http://a', basicAuth: {username: 'a:b', password: SECRET}}]", "'username' takes no colon")]
    [InlineData("remoteWrite: [{url: 'http://a', basicAuth: {username: a}}]", "'password' is missing here")]
    [InlineData("remoteWrite: [{url: 'http://a', bearerTokenFile: x}]", "'bearerTokenFile' is not known here")]
    public void A_mistake_is_told_without_what_may_be_secret(string line, string expected)
    {
        var messages = string.Join('\n', Reading.Messages(line + Tail));

        Assert.Contains(expected, messages, StringComparison.Ordinal);
        Assert.DoesNotContain("SECR", messages, StringComparison.Ordinal);
    }

    [Fact]
    public void At_most_ten_receivers_are_taken() => Assert.Contains(
        "at most 10", Reading.OneMessage($"remoteWrite: [{string.Join(',', Enumerable.Repeat("{url: 'http://a'}", 11))}]{Tail}"), StringComparison.Ordinal);

    [Fact]
    public void A_change_holds_after_a_restart()
    {
        const string Same = "telemetry: {otlp: {endpoint: 'http://a', headers: {k: v}}}\nremoteWrite: [{url: 'http://a', headers: {k: v}}]" + Tail;
        var other = Same.Replace("k: v", "k: w", StringComparison.Ordinal);

        Assert.True(ConfigurationChange.Between(Reading.Good(Same), Reading.Good(Same)).IsNothing);
        Assert.Equal(["telemetry", "remoteWrite"], ConfigurationChange.Between(Reading.Good(Same), Reading.Good(other)).NeedRestart);
    }

    [Fact]
    public void What_is_printed_holds_no_secret()
    {
        var configuration = Reading.Good(
            "telemetry: {otlp: {endpoint: 'http://a', bearerToken: SECRET}}\nremoteWrite: [{url: 'http://a/?SECRET', headers: {k: SECRET}}]" + Tail);

        Assert.DoesNotContain("SECRET", $"{configuration} {configuration.Otlp} {configuration.RemoteWrite[0]} {configuration.RemoteWrite[0].Headers}", StringComparison.Ordinal);
    }
}
