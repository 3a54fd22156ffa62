using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Sonde.Tests;

/// <summary>A real HTTP server on loopback that keeps what it is sent, and answers as the test says.</summary>
internal sealed class HttpReceiver : IAsyncDisposable
{
    private readonly WebApplication _site;
    private readonly Channel<ReceivedRequest> _received = Channel.CreateUnbounded<ReceivedRequest>();

    private HttpReceiver(WebApplication site) => _site = site;

    /// <summary>Where it listens.</summary>
    public Uri Url => new(_site.Urls.Single());

    /// <summary>What came, in order.</summary>
    public ChannelReader<ReceivedRequest> Received => _received.Reader;

    /// <summary>Starts it.</summary>
    /// <param name="answer">Answers a request; null = 204 without more.</param>
    /// <param name="protocols">HTTP/2 for gRPC without TLS.</param>
    /// <param name="port">0 = any free one.</param>
    public static async Task<HttpReceiver> StartAsync(
        Func<HttpContext, int, Task>? answer = null, HttpProtocols protocols = HttpProtocols.Http1, int port = 0)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
            options.Listen(IPAddress.Loopback, port, listen => listen.Protocols = protocols));
        builder.Services.AddRoutingCore();
        var receiver = new HttpReceiver(builder.Build());
        var count = 0;
        receiver._site.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var request = new ReceivedRequest(
                context.Request.Path + context.Request.QueryString,
                context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                body.ToArray());
            await (answer ?? Accept)(context, count++);
            receiver._received.Writer.TryWrite(request);
        });
        await receiver._site.StartAsync();
        return receiver;
    }

    /// <summary>Answers 204.</summary>
    public static Task Accept(HttpContext context, int number)
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>Answers a call of gRPC with success and an empty message.</summary>
    public static async Task AcceptGrpc(HttpContext context, int number)
    {
        context.Response.ContentType = "application/grpc";
        context.Response.DeclareTrailer("grpc-status");
        await context.Response.Body.WriteAsync(new byte[5]);
        context.Response.AppendTrailer("grpc-status", "0");
    }

    /// <summary>Takes requests until one is so.</summary>
    public async Task<ReceivedRequest> FindAsync(Func<ReceivedRequest, bool> isSo, CancellationToken cancellationToken)
    {
        while (true)
        {
            var request = await Received.ReadAsync(cancellationToken);
            if (isSo(request))
            {
                return request;
            }
        }
    }

    public async ValueTask DisposeAsync() => await _site.DisposeAsync();
}

/// <summary>A request as it came.</summary>
internal sealed record ReceivedRequest(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body);
