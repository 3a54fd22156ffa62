using System.Text;
using Sonde.Measurement.Tcp;
using Sonde.Measurement.Tls;
using Xunit;

namespace Sonde.Measurement.Tests.Tcp;

public sealed class TcpDialogueTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    [Fact]
    public void A_dialogue_whose_lines_match_is_answered_with_the_time_of_the_handshake()
    {
        using var server = TcpServer.Shouting("220 ready\r\n");
        using ProberUnderTest under = new();
        TcpStep[] steps = [new("^220 ", "hello"), new("^HELLO$", "again"), new("^AGAIN$", null)];

        under.Prober.Begin(1, server.Target(null, steps));
        under.WaitFor(1);

        var result = under.Ended[1];
        Assert.True(result.IsAnswered, result.ToString());
        Assert.True(result.Rtt.Nanoseconds - under.KernelRtt!.Value.Nanoseconds < 1_000_000 || result.IsSuspect);
    }

    [Fact]
    public async Task A_dialogue_ends_with_an_orderly_close()
    {
        using var server = TcpServer.Shouting("220 ready\r\n");

        var result = ProberUnderTest.Probe(server.Target(null, new TcpStep("220", null)));

        Assert.True(result.IsAnswered, result.ToString());
        var lastRead = await server.LastRead.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Equal(0, lastRead);
    }

    [Fact]
    public void Sending_alone_is_a_dialogue()
    {
        using var server = TcpServer.Silent();

        Assert.True(ProberUnderTest.Probe(server.Target(null, new TcpStep(null, "QUIT"))).IsAnswered);
    }

    [Theory]
    [InlineData("PONG ${1}", "^PONG ABC$")]
    [InlineData("PONG $1.", @"^PONG ABC\.$")]
    [InlineData("$$1 ${word}-$missing", @"^\$1 ABC-$")]
    [InlineData("$ ${ ${1", @"^\$ \$\{ \$\{1$")]
    public void A_line_may_repeat_what_was_awaited(string send, string answer)
    {
        using var server = TcpServer.Shouting("ping :abc\r\n");
        TcpStep[] steps = [new("^ping :(?<word>[a-z]+)", send) { SendsCaptures = true }, new(answer, null)];

        var result = ProberUnderTest.Probe(server.Target(null, steps));

        Assert.True(result.IsAnswered, result.ToString());
    }

    [Fact]
    public void Another_line_than_expected_is_told_with_its_control_characters_escaped()
    {
        using var server = TcpServer.SayingAndClosing("554 go \u001b[31maway\"\r\n");

        var result = ProberUnderTest.Probe(server.Target(null, new TcpStep("^220 ", "hello")));

        Assert.Equal(LossReason.UnexpectedAnswer, result.Loss);
        Assert.Equal("""expected "^220 ", got "554 go \u{1b}[31maway\"" """.TrimEnd(), result.Detail);
    }

    [Fact]
    public void A_long_answer_is_told_shortened()
    {
        using var server = TcpServer.SayingAndClosing(new string('x', 5000) + "\n");

        var result = ProberUnderTest.Probe(server.Target(null, new TcpStep("^220 ", null)));

        Assert.Equal($"expected \"^220 \", got \"{new string('x', 80)}…\"", result.Detail);
    }

    [Fact]
    public void Lines_are_passed_over_until_one_matches()
    {
        using var server = TcpServer.Shouting("220-Welcome\r\n\r\n220-to all\r\n220 ready\r\n250 too early\r\n");
        TcpStep[] steps = [new("^220 ", "250-one"), new("^250-", "250 two"), new("^250 TWO", null)];

        var result = ProberUnderTest.Probe(server.Target(null, steps));

        Assert.True(result.IsAnswered, result.ToString());
    }

    [Fact]
    public void A_server_that_says_other_lines_only_is_told_with_the_last_when_the_time_is_up()
    {
        using var server = TcpServer.Saying("220-Welcome\r\n554 no mail here\r\n"u8.ToArray());
        using ProberUnderTest under = new();

        under.Prober.Begin(1, server.Target(Short, null, new TcpStep("^220 ", "hello")));
        under.WaitFor(1);

        Assert.Equal(LossReason.UnexpectedAnswer, under.Ended[1].Loss);
        Assert.Equal("""expected "^220 ", got "554 no mail here" """.TrimEnd(), under.Ended[1].Detail);
        Assert.False(under.Ended[1].IsSuspect);
        Assert.Equal(0, under.Late);
    }

    [Fact]
    public void Lines_without_end_that_never_match_are_bounded()
    {
        using var server = TcpServer.Saying(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("x\n", 100_000))));

        var result = ProberUnderTest.Probe(server.Target(null, new TcpStep("^220 ", null)));

        Assert.Equal(LossReason.UnexpectedAnswer, result.Loss);
        Assert.Equal("expected \"^220 \", got more than 65536 bytes in all", result.Detail);
    }

    [Theory]
    [InlineData("")]
    [InlineData("220 but no end of line")]
    public void A_server_that_never_ends_a_line_times_out(string text)
    {
        using var server = TcpServer.Saying(Encoding.UTF8.GetBytes(text));

        var result = ProberUnderTest.Probe(server.Target(Short, null, new TcpStep("^220 ", "hello")));

        Assert.Equal(LossReason.Timeout, result.Loss);
    }

    [Fact]
    public void Ten_megabytes_without_an_end_of_line_are_not_read()
    {
        using var server = TcpServer.Saying(new byte[10_000_000]);

        var result = ProberUnderTest.Probe(server.Target(null, new TcpStep("^220 ", "hello")));

        Assert.Equal(LossReason.UnexpectedAnswer, result.Loss);
        Assert.Equal("expected \"^220 \", got a line longer than 8192 bytes", result.Detail);
    }

    [Fact]
    public void More_than_64_KB_of_lines_are_not_read()
    {
        using var server = TcpServer.Saying(Encoding.UTF8.GetBytes(
            string.Concat(Enumerable.Repeat(new string('x', 8000) + "\n", 20))));
        var steps = Enumerable.Repeat(new TcpStep("^x", null), 20).ToArray();

        var result = ProberUnderTest.Probe(server.Target(null, steps));

        Assert.Equal(LossReason.UnexpectedAnswer, result.Loss);
        Assert.Equal("expected \"^x\", got more than 65536 bytes in all", result.Detail);
    }

    [Fact]
    public void A_peer_that_closes_first_is_told_as_closed()
    {
        using var server = TcpServer.SayingAndClosing("220 ready\r\n");

        var result = ProberUnderTest.Probe(server.Target(null, new TcpStep("^220 ", null), new TcpStep("more", null)));

        Assert.Equal(LossReason.Closed, result.Loss);
    }

    [Fact]
    public void The_last_line_needs_no_end()
    {
        using var server = TcpServer.SayingAndClosing("220 ready");

        Assert.True(ProberUnderTest.Probe(server.Target(null, new TcpStep("^220 ready$", null))).IsAnswered);
    }

    [Fact]
    public void A_peer_that_resets_is_told_as_reset()
    {
        using var server = TcpServer.Resetting(after: 1);

        var result = ProberUnderTest.Probe(server.Target(null, new TcpStep(null, "hello"), new TcpStep("HELLO", null)));

        Assert.Equal(LossReason.Reset, result.Loss);
    }

    [Fact]
    public void A_peer_that_resets_at_once_is_told_as_reset()
    {
        using var server = TcpServer.Resetting();

        var result = ProberUnderTest.Probe(server.Target(null, new TcpStep("^220 ", null)));

        Assert.Equal(LossReason.Reset, result.Loss);
    }

    [Fact]
    public void An_answer_after_the_timeout_that_nobody_watched_is_lost_as_suspect()
    {
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using var server = TcpServer.SayingAfter(gate.Task, "220 late");
        using ProberUnderTest under = new();
        under.Prober.Begin(1, server.Target(Short, null, new TcpStep("^220 ", null)));
        if (under.IsWoken(100))   // the handshake took longer than connect(2)
        {
            under.Prober.Advance();
        }
        Assert.False(under.IsWoken(150));

        gate.SetResult();
        Assert.True(under.IsWoken(10_000));
        under.WaitFor(1);

        Assert.Equal(LossReason.Timeout, under.Ended[1].Loss);
        Assert.True(under.Ended[1].IsSuspect);
        Assert.Equal(1, under.Late);
    }

    [Fact]
    public void Many_dialogues_run_side_by_side()
    {
        using var server = TcpServer.Shouting("220 ready\r\n");
        using ProberUnderTest under = new();

        for (var ticket = 0; ticket < 300; ticket++)
        {
            under.Prober.Begin(ticket, server.Target(null, new TcpStep("220", "x"), new TcpStep("X", null)));
        }
        under.WaitFor(300);

        Assert.All(under.Ended.Values, result => Assert.True(result.IsAnswered, result.ToString()));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("(", null)]
    [InlineData(@"(a)\1", null)]
    [InlineData("(?=a)", null)]
    [InlineData(null, "two\nlines")]
    [InlineData(null, "two\rlines")]
    public void A_wrong_step_is_refused(string? expect, string? send) =>
        Assert.ThrowsAny<ArgumentException>(() => new TcpStep(expect, send));

    [Fact]
    public void TLS_begins_once()
    {
        TlsSettings tls = new("sonde.test");
        using var server = TcpServer.Silent();

        Assert.Throws<ArgumentException>(() => server.Target(tls, new TcpStep(null, null, tls)));
        Assert.Throws<ArgumentException>(() => server.Target(null, new TcpStep(null, null, tls), new TcpStep(null, null, tls)));
    }

    [Fact]
    public void A_step_that_is_too_long_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new TcpStep(new string('a', TcpStep.MaximumLength + 1), null));
        Assert.Throws<ArgumentException>(() => new TcpStep(null, new string('a', TcpStep.MaximumLength + 1)));
    }
}
