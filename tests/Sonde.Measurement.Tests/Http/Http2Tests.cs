using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sonde.Measurement.Http;
using Sonde.Measurement.Tests.Tcp;
using Sonde.Measurement.Tls;
using Xunit;

namespace Sonde.Measurement.Tests.Http;

/// <summary>HTTP/2 with a real server, and HTTP/3 without one.</summary>
public sealed class Http2Tests
{
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(10);
    private readonly Certificates _certificates = new();

    [Theory]
    [InlineData(HttpVersionChoice.Negotiated, HttpProtocols.Http1AndHttp2, "2.0")]
    [InlineData(HttpVersionChoice.Negotiated, HttpProtocols.Http1, "1.1")]
    [InlineData(HttpVersionChoice.Http11, HttpProtocols.Http1AndHttp2, "1.1")]
    [InlineData(HttpVersionChoice.Http2, HttpProtocols.Http1AndHttp2, "2.0")]
    public async Task The_version_is_what_both_speak(HttpVersionChoice choice, HttpProtocols offered, string expected)
    {
        await using var server = await StartAsync(offered, context => context.Response.WriteAsync("hello"));

        var result = Probe(server, choice);

        Assert.True(result.IsAnswered, result.ToString());
        var found = (HttpFindings)result.Findings!;
        Assert.Equal((expected, 5), (found.HttpVersion!.ToString(), found.BodyLength));
        Assert.InRange(result.Rtt.Nanoseconds - (found.Phases.Sum.Ticks * 100), 0, 500);
    }

    [Fact]
    public async Task A_server_that_does_not_speak_HTTP2_is_told()
    {
        await using var server = await StartAsync(HttpProtocols.Http1, _ => Task.CompletedTask);

        var result = Probe(server, HttpVersionChoice.Http2);

        Assert.True(
            result.Loss is LossReason.UnexpectedAnswer or LossReason.TlsHandshake or LossReason.Closed, result.ToString());
    }

    [Fact]
    public async Task A_reset_of_the_stream_is_a_broken_answer()
    {
        await using var server = await StartAsync(HttpProtocols.Http2, context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });

        var result = Probe(server, HttpVersionChoice.Http2);

        Assert.Equal(LossReason.BrokenAnswer, result.Loss);
        Assert.StartsWith("the server reset the stream or the connection: ", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_is_cut_within_the_body_is_told()
    {
        await using var server = await StartAsync(HttpProtocols.Http2, async context =>
        {
            await context.Response.WriteAsync("hel");
            await context.Response.Body.FlushAsync();
            context.Features.Get<Microsoft.AspNetCore.Connections.Features.IConnectionLifetimeFeature>()?.Abort();
            context.Abort();
        });

        var result = Probe(server, HttpVersionChoice.Http2);

        Assert.True(result.Loss is LossReason.BrokenAnswer or LossReason.Closed or LossReason.Reset, result.ToString());
        Assert.Contains(result.Findings!.Quantities, one => one.Loss == result.Loss);
    }

    [Theory]
    [InlineData(0)]    // NO_ERROR
    [InlineData(11)]   // ENHANCE_YOUR_CALM
    public void A_server_that_goes_away_at_once_is_told(byte code)
    {
        using var server = new HttpServer(async visit =>
        {
            await visit.SendAsync([0, 0, 0, 4, 0, 0, 0, 0, 0]);
            await visit.Stream.ReadExactlyAsync(new byte[24], visit.Stop);
            await visit.SendAsync([0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, code]);
        });

        var result = HttpRun.Probe(new HttpTarget(server.Url(), Patient) { Version = HttpVersionChoice.Http2 });

        // whether the request was out already decides the words
        Assert.True(result.Loss is LossReason.BrokenAnswer or LossReason.Closed, result.ToString());
        Assert.NotNull(result.Detail);
    }

    [Fact]
    public void Garbage_instead_of_HTTP2_is_a_broken_answer()
    {
        using var server = HttpServer.Answering("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");

        var result = HttpRun.Probe(new HttpTarget(server.Url(), Patient) { Version = HttpVersionChoice.Http2 });

        Assert.Equal(LossReason.BrokenAnswer, result.Loss);
    }

    [Fact]
    public void HTTP3_without_its_library_is_not_measured()
    {
        Assert.SkipWhen(System.Net.Quic.QuicConnection.IsSupported, "libmsquic is on this machine");

        var result = HttpRun.Probe(
            new HttpTarget(new Uri("https://127.0.0.1/"), Patient) { Version = HttpVersionChoice.Http3 });

        Assert.Equal(
            (NotSentReason.Failed, "HTTP/3 needs libmsquic 2 on this machine"), (result.NotSent, result.Detail));
    }

    private ProbeResult Probe(WebApplication server, HttpVersionChoice version)
    {
        var address = server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        return HttpRun.Probe(new HttpTarget(new Uri(address.Single()), Patient)
        {
            Version = version,
            Tls = new TlsSettings("127.0.0.1", authorities: _certificates.Authorities),
        });
    }

    private async Task<WebApplication> StartAsync(HttpProtocols protocols, RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(
            IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = protocols;
                listen.UseHttps(_certificates.IssueValid("127.0.0.1"));
            }));
        var application = builder.Build();
        application.Run(answer);
        await application.StartAsync(TestContext.Current.CancellationToken);
        return application;
    }
}
