using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.RegularExpressions;
using Sonde.Measurement.Sockets;
using Sonde.Measurement.Timing;
using Sonde.Measurement.Tls;

namespace Sonde.Measurement.Tcp;

/// <summary>
/// TLS and dialogue on a connection that is open: one use, on the thread pool, ended by <see cref="Abandon"/> at the
/// latest.
/// </summary>
/// <remarks>
/// It owns the socket from its making, and adds exactly one completion after the socket is closed. No exception leaves
/// it. The prober's owner calls <see cref="Abandon"/> while it runs, and <see cref="Dispose"/> when its completion was
/// taken.
/// </remarks>
internal sealed class Conversation(
    int descriptor, TcpTarget target, long sentAt, ulong token, CompletionQueue<Completion> completions)
    : IDisposable
{
    private const int TextShown = 80;
    private const int LongestLabel = 256;
    private readonly SafeSocketHandle _handle = new(descriptor, ownsHandle: true);
    private readonly CancellationTokenSource _abandoned = new();
    private SslStream? _secured;
    private PeerJudge? _judge;
    private IReadOnlyList<KeyValuePair<string, string>> _labels = [];

    private DateTimeOffset SentAt => DateTimeOffset.UnixEpoch.AddTicks(sentAt / TimeSpan.NanosecondsPerTick);

    /// <summary>Begins. The result comes as a completion.</summary>
    public void Start() => _ = Task.Run(RunAsync);

    /// <summary>Ends it soon: the time is up. Its completion still comes.</summary>
    public void Abandon() => _ = _abandoned.CancelAsync();

    /// <inheritdoc/>
    public void Dispose()
    {
        _handle.Dispose();
        _abandoned.Dispose();
    }

    private async Task RunAsync()
    {
        ConversationOutcome outcome;
        long endedAt = 0;
        try
        {
            using Socket socket = new(_handle);
            outcome = await ConverseAsync(socket, () => endedAt = LibCClock.ReadBootTime());
        }
        catch (Exception error) when (_abandoned.IsCancellationRequested || error is OperationCanceledException)
        {
            outcome = new(LossReason.Timeout);
        }
        catch (Exception error) when (error is AuthenticationException or IOException or SocketException)
        {
            outcome = Explain(error);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            outcome = ConversationOutcome.Fault($"{error.GetType().Name}: {error.Message}");
        }
        _handle.Dispose();
        endedAt = endedAt == 0 ? LibCClock.ReadBootTime() : endedAt;
        _ = completions.TryAdd(new Completion(token, endedAt, outcome with { Findings = MakeFindings(outcome) }));
        completions.Wake();
    }

    /// <summary>1. TLS, if wanted; 2. the steps; 3. an orderly close. The time counts until the close begins.</summary>
    private async Task<ConversationOutcome> ConverseAsync(Socket socket, Action ended)
    {
        if (!socket.Connected)
        {
            return new(LossReason.Reset);
        }
        socket.NoDelay = true;
        await using NetworkStream plain = new(socket, ownsSocket: false);
        try
        {
            if (target.Tls is not null)
            {
                await SecureAsync(plain, target.Tls);
            }
            var outcome = await TalkAsync(plain);
            ended();
            if (outcome.Loss == LossReason.None)
            {
                await CloseAsync(socket);
            }
            return outcome;
        }
        finally
        {
            await (_secured?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    /// <summary>Says goodbye. The peer may be gone or deaf already: the outcome stands.</summary>
    private async Task CloseAsync(Socket socket)
    {
        try
        {
            if (_secured is not null)
            {
                await _secured.ShutdownAsync().WaitAsync(_abandoned.Token);
            }
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException)
        {
            return;
        }
    }

    private async Task<ConversationOutcome> TalkAsync(NetworkStream plain)
    {
        LineReader? reader = null;
        foreach (var step in target.Dialogue)
        {
            var stream = _secured ?? (Stream)plain;
            Match? awaited = null;
            if (step.Expect is not null)
            {
                (awaited, var failed) = await AwaitAsync(step, reader ??= new LineReader(stream));
                if (awaited is null)
                {
                    return failed!;
                }
                Label(step, awaited);
            }
            var line = step.BytesToSend(awaited);
            if (!line.IsEmpty)
            {
                await stream.WriteAsync(line, _abandoned.Token);
            }
            if (step.StartTls is not null)
            {
                await SecureAsync(plain, step.StartTls);
                reader = null;   // with what it had read ahead: anybody may have put that in before TLS began
            }
        }
        return ConversationOutcome.Passed;
    }

    /// <summary>Passes over lines until one matches.</summary>
    /// <returns>How it matched, or why the probe is lost.</returns>
    private async Task<(Match? Matched, ConversationOutcome? Failed)> AwaitAsync(TcpStep step, LineReader reader)
    {
        const LossReason unexpected = LossReason.UnexpectedAnswer;
        var expected = $"expected {PrintableText.Quote(step.Expect!, TextShown)}";
        ConversationOutcome? other = null;
        try
        {
            while (true)
            {
                var (end, line) = await reader.ReadAsync(_abandoned.Token);
                switch (end)
                {
                    case LineEnd.Line when step.Match(line!) is { Success: true } match:
                        return (match, null);
                    case LineEnd.Line:
                        other = new(unexpected, $"{expected}, got {PrintableText.Quote(line!, TextShown)}");
                        break;
                    case LineEnd.Closed:
                        other ??= new(LossReason.Closed, $"{expected}, but the peer closed the connection");
                        return (null, other with { IsOfPattern = true });
                    case LineEnd.TooLong:
                        return Lost($"{expected}, got a line longer than {LineReader.MaximumLine} bytes");
                    case LineEnd.TooMuch:
                        return Lost($"{expected}, got more than {LineReader.MaximumTotal} bytes in all");
                }
            }
        }
        catch (RegexMatchTimeoutException)
        {
            return Lost($"{expected}, but matching the answer took too long");
        }
        catch (OperationCanceledException) when (other is not null)
        {
            return (null, other with { HasRunOutOfTime = true });
        }

        static (Match?, ConversationOutcome?) Lost(string detail) => (null, new(unexpected, detail));
    }

    private void Label(TcpStep step, Match awaited)
    {
        if (step.Labels.Count > 0)
        {
            _labels = [.. step.Labels.Select(label => KeyValuePair.Create(
                label.Key, Shorten(CaptureText.Expand(label.Value, awaited))))];
        }
    }

    private static string Shorten(string text) => text.Length <= LongestLabel ? text : text[..LongestLabel];

    private TcpFindings MakeFindings(ConversationOutcome outcome) => new(
        _judge?.Findings is { } tls
            ? [new Finding("certificate", "s", (long)Math.Floor((tls.EarliestExpiry - SentAt).TotalSeconds))]
            : [])
    {
        Tls = _judge?.Findings,
        FailedByPattern = outcome.IsOfPattern,
        Labels = _labels,
    };

    private async Task SecureAsync(NetworkStream plain, TlsSettings tls)
    {
        _secured = new SslStream(plain, leaveInnerStreamOpen: true);
        _judge = new PeerJudge(tls, tls.ServerName, SentAt);
        await _secured.AuthenticateAsClientAsync(tls.MakeOptions(_judge.Judge), _abandoned.Token);
        _judge.Complete(_secured);
    }

    private ConversationOutcome Explain(Exception error)
    {
        if (_judge?.Fault is { } fault)
        {
            return new(LossReason.TlsCertificate, fault);
        }
        return StreamFailure.Explain(error) is { } known
            ? new(known.Loss, known.Detail)
            : ConversationOutcome.Fault(error.Message);
    }
}
