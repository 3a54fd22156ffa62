using System.Globalization;
using System.Net;
using System.Net.Quic;
using System.Net.Sockets;
using Sonde.Measurement.Sockets;
using Sonde.Measurement.Timing;

namespace Sonde.Measurement.Http;

/// <summary>One probe: one use, ended by its deadline at the latest.</summary>
/// <remarks>
/// No exception leaves it, and it adds itself to the completions exactly once. What it found is set before.
/// </remarks>
internal sealed class HttpConversation(
    long ticket, HttpTarget target, DateTimeOffset now, CompletionQueue<HttpConversation> completions,
    Func<string, AddressFamily, CancellationToken, Task<IPAddress[]>> resolve) : IDisposable
{
    private readonly CancellationTokenSource _deadline = new();
    private readonly LatenessMarks _lateness = new();

    /// <summary>The caller's number.</summary>
    public long Ticket => ticket;

    /// <summary>Whom it asks.</summary>
    public HttpTarget Target => target;

    /// <summary>What <see cref="SuspendWatch.ReadTotal"/> gave at the start.</summary>
    public required long AsleepAtStart { get; init; }

    /// <summary>When the first phase began, boot-time nanoseconds.</summary>
    public long StartedAt { get; private set; }

    /// <summary>How long all phases took, in nanoseconds.</summary>
    public long Duration { get; private set; }

    /// <summary>Why it is lost or not measured; null when all came through.</summary>
    public HttpOutcome? Outcome { get; private set; }

    /// <summary>What it found.</summary>
    public HttpFindings? Findings { get; private set; }

    /// <summary>Whether this process was late meanwhile.</summary>
    public bool IsSuspect => _lateness.IsSuspect;

    /// <summary>
    /// Begins on the caller's thread, and goes on in the thread pool once there is something to wait for: connect(2)
    /// does not block, and a thread less is woken.
    /// </summary>
    public void Start() => _ = RunAsync();

    /// <summary>Ends it soon.</summary>
    public void Abandon() => _ = _deadline.CancelAsync();

    /// <inheritdoc/>
    public void Dispose() => _deadline.Dispose();

    private async Task RunAsync()
    {
        StartedAt = LibCClock.ReadBootTime();
        PhaseLedger phases = new(StartedAt);
        HopLog log = new(phases);
        try
        {
            _deadline.CancelAfter(target.Timeout);
            Outcome = await FollowAsync(new(target, resolve, phases, _lateness, now, _deadline.Token), log);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Outcome = HttpOutcome.Unmeasured(NotSentReason.Failed, error.GetType().Name);
        }
        catch (OperationCanceledException)
        {
            Outcome = HttpFailure.TimedOut(target.Timeout, phases.Current);
        }
        Duration = phases.Booked;
        Findings = log.ToFindings(Outcome, now);
        _ = completions.TryAdd(this);
        completions.Wake();
    }

    /// <summary>Asks, and follows where the answer redirects to.</summary>
    private async Task<HttpOutcome?> FollowAsync(HopContext context, HopLog log)
    {
        HashSet<(string, Uri)> asked = [];
        for (var request = HopRequest.First(target); ;)
        {
            _ = asked.Add((request.Method, request.Uri));
            var (failed, next) = await AskAsync(context, request, log);
            if (failed is not null || next is null)
            {
                return failed;
            }
            if (next.Uri.Scheme is not ("http" or "https"))
            {
                return HttpOutcome.Unexpected(LossReason.UnexpectedHeader, "redirects to something other than HTTP");
            }
            if (asked.Contains((next.Method, next.Uri)))
            {
                return HttpOutcome.Unexpected(LossReason.TooManyRedirects, "redirect loop");
            }
            if (log.Redirects == target.MaximumRedirects)
            {
                return HttpOutcome.Unexpected(
                    LossReason.TooManyRedirects,
                    string.Create(CultureInfo.InvariantCulture, $"more than {target.MaximumRedirects} redirects"));
            }
            log.Redirects++;
            request = next;
        }
    }

    private async Task<(HttpOutcome? Failed, HopRequest? Next)> AskAsync(
        HopContext context, HopRequest request, HopLog log)
    {
        using HopConnection connection = new(context, request);
        using HopExchange exchange = new(context, request, connection);
        try
        {
            return await OpenAsync(context, request, connection) is { } failed
                ? (failed, null)
                : await ExchangeAsync(request, exchange);
        }
        catch (Exception error) when (error is OperationCanceledException || context.Deadline.IsCancellationRequested)
        {
            _ = exchange.TryBookBeginning();
            return (HttpFailure.TimedOut(target.Timeout, context.Phases.Current), null);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            _ = exchange.TryBookBeginning();
            return (Explain(error, connection, context.Phases.Current), null);
        }
        finally
        {
            log.Add(request, connection, exchange);
        }
    }

    private async Task<HttpOutcome?> OpenAsync(HopContext context, HopRequest request, HopConnection connection)
    {
        if (target.Version != HttpVersionChoice.Http3)
        {
            return await connection.OpenAsync();
        }
        if (!request.IsTls || !QuicConnection.IsSupported)
        {
            return HttpOutcome.Unmeasured(
                NotSentReason.Failed,
                request.IsTls ? "HTTP/3 needs libmsquic 2 on this machine" : "HTTP/3 needs a URL with https");
        }
        var failed = await connection.ResolveAsync();
        context.Phases.Enter(failed is null ? HttpPhase.Processing : context.Phases.Current);
        return failed;
    }

    private async Task<(HttpOutcome? Failed, HopRequest? Next)> ExchangeAsync(HopRequest request, HopExchange exchange)
    {
        await exchange.SendAsync();
        var answer = exchange.Answer!;
        var next = target.FollowsRedirects
            ? request.Redirected(target, (int)answer.StatusCode, answer.Headers.Location)
            : null;
        if (next is not null)
        {
            exchange.EndTransfer();
            return (null, next);
        }
        await exchange.ReadBodyAsync();
        if (exchange.Body!.IsTooLarge && !target.StopsAtBodyLimit)
        {
            return (new HttpOutcome(
                LossReason.BodyTooLarge,
                string.Create(CultureInfo.InvariantCulture, $"body larger than {target.BodyLimit} bytes")), null);
        }
        return (AnswerCheck.Check(target.Expectations, answer, exchange.Body, request.IsTls), null);
    }

    /// <remarks>
    /// A second connection is asked for when the request may be sent again: by HTTP/1 the peer closed without a byte of
    /// an answer, by HTTP/2 it said that it has not looked at the request.
    /// </remarks>
    private static HttpOutcome Explain(Exception error, HopConnection connection, HttpPhase phase) =>
        (connection.WasAskedAgain, connection.SpeaksHttp2) switch
        {
            (true, true) => new(LossReason.BrokenAnswer, "the server refused the request: it is to be sent again"),
            (true, false) => HttpFailure.Closed(hasBegun: false),
            _ => HttpFailure.OfAnswer(error, hasBegun: phase == HttpPhase.Transfer),
        };
}
