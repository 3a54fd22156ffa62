using System.IO.Compression;
using System.Text;
using Sonde.Measurement.Http;
using Xunit;

namespace Sonde.Measurement.Tests.Http;

/// <summary>Servers that answer slowly, wrongly, without end, or not at all.</summary>
public sealed class HttpAnswerTests
{
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);

    [Theory]
    [InlineData("", "waiting for the first byte", "processing")]
    [InlineData("HTTP/1.1 200 OK\r\nServ", "reading the answer", "transfer")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", "reading the answer", "transfer")]
    public void A_server_that_hangs_times_out_where_it_hangs(string said, string where, string phase)
    {
        using var server = new HttpServer(async visit =>
        {
            _ = await visit.ReadHeadAsync();
            await visit.SendAsync(said);
            await visit.HangAsync();
        });

        var result = HttpRun.Probe(new HttpTarget(server.Url(), Short));

        AssertLost(LossReason.Timeout, $"no answer within 0.3 s: {where}", result);
        Assert.Contains(new(phase, "us", 0, LossReason.Timeout), result.Findings!.Quantities);
    }

    [Fact]
    public void A_header_without_end_ends_at_its_limit()
    {
        using var server = new HttpServer(async visit =>
        {
            _ = await visit.ReadHeadAsync();
            await visit.SendAsync("HTTP/1.1 200 OK\r\n");
            for (var line = 0; line < 100_000; line++)
            {
                await visit.SendAsync($"X-Line-{line}: {new string('x', 1000)}\r\n");
            }
        });

        var result = HttpRun.Probe(new HttpTarget(server.Url(), Patient));

        AssertLost(LossReason.BrokenAnswer, "the header is larger than 64 KiB", result);
    }

    [Fact]
    public void Ten_gigabytes_of_body_end_at_the_limit()
    {
        using var server = new HttpServer(async visit =>
        {
            _ = await visit.ReadHeadAsync();
            await visit.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n");
            var part = new byte[1 << 16];
            for (var sent = 0L; sent < 10737418240; sent += part.Length)
            {
                await visit.SendAsync(part);
            }
        });

        var result = HttpRun.Probe(new HttpTarget(server.Url(), Patient) { BodyLimit = 1 << 20 });

        AssertLost(LossReason.BodyTooLarge, "body larger than 1048576 bytes", result);
        var found = (HttpFindings)result.Findings!;
        Assert.Equal((200, 10737418240, 1 << 20), (found.StatusCode, found.ContentLength, found.BodyLength));
    }

    [Fact]
    public void A_body_may_be_read_to_the_limit_only()
    {
        using var server = HttpServer.Answering(HttpServer.Ok("hello world"));

        var result = HttpRun.Probe(
            new HttpTarget(server.Url(), Patient) { BodyLimit = 5, StopsAtBodyLimit = true });

        Assert.True(result.IsAnswered, result.ToString());
        Assert.Equal(5, ((HttpFindings)result.Findings!).BodyLength);
    }

    [Fact]
    public void A_body_of_just_the_limit_is_not_too_large()
    {
        using var server = HttpServer.Answering(HttpServer.Ok("hello"));

        Assert.True(HttpRun.Probe(new HttpTarget(server.Url(), Patient) { BodyLimit = 5 }).IsAnswered);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public void A_compressed_body_is_decompressed(string encoding)
    {
        using var server = HttpServer.Answering(Compressed(encoding, Encoding.UTF8.GetBytes("all is well")));
        HttpExpectations expected = new() { Bodies = [new("^all is well$")], MinimumSize = 11, MaximumSize = 11 };

        var result = HttpRun.Probe(new HttpTarget(server.Url(), Patient) { Expectations = expected });

        Assert.True(result.IsAnswered, result.ToString());
        Assert.Equal(11, ((HttpFindings)result.Findings!).BodyLength);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public void A_bomb_ends_at_the_limit(string encoding)
    {
        using var server = HttpServer.Answering(Compressed(encoding, new byte[64 << 20]));

        var result = HttpRun.Probe(new HttpTarget(server.Url(), Patient) { BodyLimit = 1 << 20 });

        AssertLost(LossReason.BodyTooLarge, "body larger than 1048576 bytes", result);
    }

    [Fact]
    public void A_compressed_body_can_be_left_as_it_is()
    {
        var answer = Compressed("gzip", Encoding.UTF8.GetBytes("all is well"));
        using var server = HttpServer.Answering(answer);

        var result = HttpRun.Probe(new HttpTarget(server.Url(), Patient) { Decompresses = false });

        var found = (HttpFindings)result.Findings!;
        Assert.Equal(found.ContentLength, found.BodyLength);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nthis is not gzip at all", LossReason.BrokenAnswer,
        "the compressed body is broken")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nhello\r\n0\r\n\r\n",
        LossReason.BrokenAnswer, "the answer breaks HTTP")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", LossReason.Closed,
        "the peer closed the connection within the answer")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello", LossReason.Closed,
        "the peer closed the connection within the answer")]
    [InlineData("HTTP/1.1 200 OK\r\nConte", LossReason.Closed, "the peer closed the connection within the answer")]
    [InlineData("", LossReason.Closed, "the peer closed the connection unanswered")]
    [InlineData("SSH-2.0-OpenSSH_9.2p1 Debian\r\n", LossReason.BrokenAnswer, "the answer breaks HTTP")]
    [InlineData("\0\u0001\u0002\u0003\u00ff\u00fe\r\n\r\n", LossReason.BrokenAnswer, "the answer breaks HTTP")]
    [InlineData("HTTP/1.1 2x0 OK\r\n\r\n", LossReason.BrokenAnswer, "the answer breaks HTTP")]
    public void A_broken_answer_says_how(string answer, LossReason loss, string detail)
    {
        using var server = HttpServer.Answering(answer);

        AssertLost(loss, detail, HttpRun.Probe(new HttpTarget(server.Url(), Patient)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_reset_is_told_as_reset(bool isWithinAnswer)
    {
        using var server = new HttpServer(async visit =>
        {
            _ = await visit.ReadHeadAsync();
            if (isWithinAnswer)
            {
                await visit.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello");
            }
            visit.Reset();
        });

        Assert.Equal(LossReason.Reset, HttpRun.Probe(new HttpTarget(server.Url(), Patient)).Loss);
    }

    [Fact]
    public void An_answer_without_length_ends_with_the_connection()
    {
        using var server = HttpServer.Answering("HTTP/1.0 200 OK\r\n\r\nhello");

        var result = HttpRun.Probe(new HttpTarget(server.Url(), Patient));

        Assert.True(result.IsAnswered, result.ToString());
        var found = (HttpFindings)result.Findings!;
        Assert.Equal((-1, 5, "1.0"), (found.ContentLength, found.BodyLength, found.HttpVersion!.ToString()));
    }

    [Fact]
    public void What_a_server_echoes_is_never_repeated()
    {
        using var server = new HttpServer(async visit => await visit.SendAsync(await visit.ReadHeadAsync()));

        var result = HttpRun.Probe(
            new HttpTarget(server.Url("/hidden"), Patient) { Authorization = "Bearer hidden" });

        Assert.Equal(LossReason.BrokenAnswer, result.Loss);
        Assert.DoesNotContain("hidden", result.Detail, StringComparison.Ordinal);
    }

    private static byte[] Compressed(string encoding, byte[] body)
    {
        using MemoryStream packed = new();
        using (Stream packing = encoding switch
        {
            "gzip" => new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "br" => new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            _ => new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true),
        })
        {
            packing.Write(body);
        }
        var head = $"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: {packed.Length}\r\n\r\n";
        return [.. Encoding.ASCII.GetBytes(head), .. packed.ToArray()];
    }

    private static void AssertLost(LossReason loss, string detail, in ProbeResult result)
    {
        Assert.Equal(loss, result.Loss);
        Assert.Equal(detail, result.Detail);
        Assert.NotNull(result.Findings);
    }
}
