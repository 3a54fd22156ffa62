using Sonde.Measurement.Http;
using Xunit;

namespace Sonde.Measurement.Tests.Http;

public sealed class HttpExpectationTests
{
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(10);
    private static readonly HttpExpectations Any = new();

    [Fact]
    public void A_status_that_is_not_expected_is_lost_with_all_its_phases()
    {
        var result = Probe("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", Any);

        AssertLost(LossReason.UnexpectedStatus, "status 503", result);
        Assert.Equal(503, ((HttpFindings)result.Findings!).StatusCode);
        Assert.Equal(["connect", "processing", "transfer"], result.Findings.Quantities.Select(one => one.Quantity));
        Assert.All(result.Findings.Quantities, one => Assert.Equal(LossReason.None, one.Loss));
    }

    [Fact]
    public void Statuses_are_ranges()
    {
        HttpExpectations expected = new() { Statuses = [new(204), new(400, 499)] };

        Assert.True(Probe("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", expected).IsAnswered);
        Assert.True(Probe("HTTP/1.1 204 No\r\n\r\n", expected).IsAnswered);
        AssertLost(LossReason.UnexpectedStatus, "status 200", Probe(HttpServer.Ok(""), expected));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HttpStatusRange(99));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HttpStatusRange(300, 200));
    }

    [Theory]
    [InlineData("X-Kind", "^te.t$", true, false, null)]
    [InlineData("x-kind", "^other$", true, false, "header x-kind does not match")]
    [InlineData("X-Kind", "^te.t$", false, false, "header X-Kind matches what it must not")]
    [InlineData("X-None", "a", true, false, "header X-None is missing")]
    [InlineData("X-None", "a", false, true, null)]
    [InlineData("Content-Type", "plain", true, false, null)]
    public void Headers_must_or_must_not_match(
        string name, string pattern, bool mustMatch, bool allowsMissing, string? fault)
    {
        HttpExpectations expected = new() { Headers = [new(name, pattern, mustMatch, allowsMissing)] };

        var result = Probe(HttpServer.Ok("", "X-Kind: test\r\nContent-Type: text/plain\r\n"), expected);

        AssertLost(fault is null ? LossReason.None : LossReason.UnexpectedHeader, fault, result);
        Assert.Equal(fault is not null, ((HttpFindings)result.Findings!).FailedByPattern);
    }

    [Theory]
    [InlineData("^all .* well", true, null)]
    [InlineData("ok", true, "body lacks \"ok\"")]
    [InlineData("well", false, "body has \"well\"")]
    [InlineData("ok", false, null)]
    public void Bodies_must_or_must_not_match(string pattern, bool mustMatch, string? fault)
    {
        HttpExpectations expected = new() { Bodies = [new(pattern, mustMatch)] };

        var result = Probe(HttpServer.Ok("all is well"), expected);

        AssertLost(fault is null ? LossReason.None : LossReason.UnexpectedBody, fault, result);
        Assert.Equal(fault is not null, ((HttpFindings)result.Findings!).FailedByPattern);
    }

    [Fact]
    public void A_body_made_to_stall_a_pattern_does_not_stall_it()
    {
        HttpExpectations expected = new() { Bodies = [new("^(a+)+$")] };

        var result = Probe(HttpServer.Ok(new string('a', 100_000) + "!"), expected);

        AssertLost(LossReason.UnexpectedBody, "body lacks \"^(a+)+$\"", result);
    }

    [Theory]
    [InlineData("(?=a)")]
    [InlineData(@"(a)\1")]
    [InlineData("(")]
    public void A_pattern_that_is_wrong_or_may_not_be_linear_is_refused(string pattern)
    {
        Assert.ThrowsAny<ArgumentException>(() => new HttpBodyExpectation(pattern));
    }

    [Theory]
    [InlineData("$.a.b[0]", "1", null)]
    [InlineData("$.a.b[1]", "x y", null)]
    [InlineData("$.a['c d']", "true", null)]
    [InlineData("$.n", "null", null)]
    [InlineData("$.a.b[0]", "1.0", null)]
    [InlineData("$.a.b[0]", "2", "$.a.b[0] in the body is not the expected value")]
    [InlineData("$.a.b[2]", "1", "body has nothing at $.a.b[2]")]
    [InlineData("$.a.b.c", "1", "body has nothing at $.a.b.c")]
    [InlineData("$.a", "1", "$.a in the body is not the expected value")]
    public void Values_in_JSON_are_compared(string path, string value, string? fault)
    {
        HttpExpectations expected = new() { JsonValues = [new(path, value)] };

        var result = Probe(HttpServer.Ok("""{"a":{"b":[1,"x y"],"c d":true},"n":null}"""), expected);

        AssertLost(fault is null ? LossReason.None : LossReason.UnexpectedBody, fault, result);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("")]
    [InlineData("{\"a\":1")]
    public void A_body_that_is_not_JSON_says_so(string body)
    {
        HttpExpectations expected = new() { JsonValues = [new("$.a", "1")] };

        AssertLost(LossReason.UnexpectedBody, "body is not JSON", Probe(HttpServer.Ok(body), expected));
    }

    [Fact]
    public void JSON_without_end_of_depth_is_not_JSON()
    {
        HttpExpectations expected = new() { JsonValues = [new("$", "1")] };

        var result = Probe(HttpServer.Ok(new string('[', 100_000)), expected);

        AssertLost(LossReason.UnexpectedBody, "body is not JSON", result);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("$a")]
    [InlineData("$.")]
    [InlineData("$..a")]
    [InlineData("$.a[")]
    [InlineData("$.a[-1]")]
    [InlineData("$.a[99999999999]")]
    [InlineData("$.a['b")]
    [InlineData("$.*")]
    public void A_wrong_path_is_refused(string path)
    {
        Assert.Throws<ArgumentException>(() => new HttpJsonExpectation(path, "1"));
    }

    [Fact]
    public void Size_and_version_are_checked()
    {
        AssertLost(
            LossReason.UnexpectedBody, "body of 5 bytes, less than 6",
            Probe(HttpServer.Ok("hello"), new HttpExpectations { MinimumSize = 6 }));
        AssertLost(
            LossReason.UnexpectedBody, "body of 5 bytes, more than 4",
            Probe(HttpServer.Ok("hello"), new HttpExpectations { MaximumSize = 4 }));
        AssertLost(
            LossReason.UnexpectedAnswer, "HTTP/1.1",
            Probe(HttpServer.Ok("hello"), new HttpExpectations { HttpVersions = [new(2, 0)] }));
        Assert.True(Probe(HttpServer.Ok(""), new HttpExpectations { HttpVersions = [new(1, 1)] }).IsAnswered);
    }

    private static ProbeResult Probe(string answer, HttpExpectations expectations)
    {
        using var server = HttpServer.Answering(answer);
        return HttpRun.Probe(new HttpTarget(server.Url(), Patient) { Expectations = expectations });
    }

    private static void AssertLost(LossReason loss, string? detail, in ProbeResult result)
    {
        Assert.Equal(loss, result.Loss);
        Assert.Equal(detail, result.Detail);
    }
}
