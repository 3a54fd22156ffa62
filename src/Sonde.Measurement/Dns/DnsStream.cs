using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Sonde.Measurement.Sockets;
using Sonde.Measurement.Timing;
using Sonde.Measurement.Tls;

namespace Sonde.Measurement.Dns;

/// <summary>How a query over a connection ended.</summary>
/// <param name="Token">The probe's <see cref="DnsProbe.Token"/>.</param>
/// <param name="At">When the answer was there or the end was seen, boot-time nanoseconds.</param>
/// <param name="Loss">Why the probe is lost; <see cref="LossReason.None"/> when it is answered as expected.</param>
/// <param name="Detail">A sentence for people; null where the reason says all.</param>
/// <param name="Findings">What was found; null when this process failed, not the name server.</param>
/// <param name="IsSuspect">True when this process was late to see the answer.</param>
internal sealed record DnsStreamEnd(
    ulong Token, long At, LossReason Loss, string? Detail, DnsFindings? Findings, bool IsSuspect);

/// <summary>
/// A query on a connection that is open: TLS if wanted, the query behind its length, the answer (RFC 7766, RFC 7858).
/// One use, on the thread pool, ended by <see cref="Abandon"/> at the latest.
/// </summary>
/// <remarks>
/// It owns the socket from its making, and adds exactly one end after the socket is closed. No exception leaves it. The
/// prober's owner calls <see cref="Abandon"/> while it runs, and <see cref="Dispose"/> when its end was taken.
/// </remarks>
internal sealed class DnsStream(
    int descriptor, DnsTarget target, ushort id, ulong token, DnsFindings begun, bool isLate,
    CompletionQueue<DnsStreamEnd> ends)
    : IDisposable
{
    private const int LengthBytes = 2;
    private const int MostPassedOver = 16;
    private const int TextShown = 160;

    /// <summary>Two ticks of a kernel with 250 ticks a second: its account is not finer.</summary>
    private const uint LatenessMilliseconds = 8;

    private readonly SafeSocketHandle _handle = new(descriptor, ownsHandle: true);
    private readonly CancellationTokenSource _abandoned = new();
    private bool _isLate = isLate;
    private long _answeredAt;
    private TimeSpan? _tls;
    private TimeSpan? _request;
    private DateTime? _notAfter;
    private string? _certificateFault;

    /// <summary>Begins. The end comes through the queue.</summary>
    public void Start() => _ = Task.Run(RunAsync);

    /// <summary>Ends it soon: the time is up. Its end still comes.</summary>
    public void Abandon() => _ = _abandoned.CancelAsync();

    /// <inheritdoc/>
    public void Dispose()
    {
        _handle.Dispose();
        _abandoned.Dispose();
    }

    private async Task RunAsync()
    {
        DnsStreamEnd end;
        try
        {
            using Socket socket = new(_handle);
            var answer = await AskAsync(socket);
            end = Judge(answer);
        }
        catch (Exception error) when (_abandoned.IsCancellationRequested || error is OperationCanceledException)
        {
            end = Lose(LossReason.Timeout, null);
        }
        catch (Exception error) when (error is AuthenticationException or IOException or SocketException)
        {
            end = Explain(error);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            end = new(token, LibCClock.ReadBootTime(), LossReason.None, $"{error.GetType().Name}: {error.Message}",
                null, false);
        }
        _handle.Dispose();
        _ = ends.TryAdd(end);
        ends.Wake();
    }

    /// <summary>1. TLS, if wanted; 2. the query; 3. messages until one is the answer.</summary>
    /// <returns>The answer; null when too many other messages came.</returns>
    private async Task<byte[]?> AskAsync(Socket socket)
    {
        socket.NoDelay = true;
        await using NetworkStream plain = new(socket, ownsSocket: false);
        await using var secured = target.Tls is null ? null : new SslStream(plain, leaveInnerStreamOpen: true);
        if (secured is not null)
        {
            var began = LibCClock.ReadBootTime();
            await secured.AuthenticateAsClientAsync(target.Tls!.MakeOptions(JudgeCertificate), _abandoned.Token);
            _tls = Since(began);
        }
        var stream = secured ?? (Stream)plain;
        var query = new byte[LengthBytes + target.Query.Length];
        BinaryPrimitives.WriteUInt16BigEndian(query, (ushort)target.Query.Length);
        target.Query.CopyTo(query, LengthBytes);
        BinaryPrimitives.WriteUInt16BigEndian(query.AsSpan(LengthBytes), id);
        var askedAt = LibCClock.ReadBootTime();
        await stream.WriteAsync(query, _abandoned.Token);
        for (var passedOver = 0; passedOver < MostPassedOver; passedOver++)
        {
            var message = await ReadMessageAsync(stream);
            _answeredAt = LibCClock.ReadBootTime();
            if (DnsMessage.Match(message, id, target.Query) == DnsMatch.Answer)
            {
                _isLate |= LibCSocket.TryReadAccount((int)_handle.DangerousGetHandle(), out var account)
                    && account.LastDataReceivedAgoMilliseconds > LatenessMilliseconds;
                _request = ToTime(_answeredAt - askedAt);
                return message;
            }
        }
        return null;
    }

    private async Task<byte[]> ReadMessageAsync(Stream stream)
    {
        var length = new byte[LengthBytes];
        await stream.ReadExactlyAsync(length, _abandoned.Token);
        var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(message, _abandoned.Token);
        return message;
    }

    private DnsStreamEnd Judge(byte[]? answer)
    {
        if (answer is null)
        {
            return Lose(
                LossReason.BrokenMessage, $"{MostPassedOver} messages came with another id or question");
        }
        if (!DnsMessage.TryRead(answer, out var message))
        {
            return Lose(LossReason.BrokenMessage, null);
        }
        var (loss, detail) = target.Expectations.Judge(message);
        return new(token, _answeredAt, loss, detail, Find(LossReason.None).With(message, loss), _isLate);
    }

    private DnsStreamEnd Lose(LossReason reason, string? detail) =>
        new(token, LibCClock.ReadBootTime(), reason, detail, Find(reason), false);

    private DnsFindings Find(LossReason failure) => new()
    {
        Transport = begun.Transport,
        Truncated = begun.Truncated,
        Connect = begun.Connect,
        Tls = _tls,
        Request = _request,
        Failure = failure,
        CertificateNotAfter = _notAfter,
    };

    /// <summary>Accepts the certificate, or notes why it is refused.</summary>
    private bool JudgeCertificate(
        object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        var leaf = certificate as X509Certificate2;
        _notAfter = leaf?.NotAfter.ToUniversalTime();
        if (!target.Tls!.Verify || errors == SslPolicyErrors.None)
        {
            return true;
        }
        _certificateFault = CertificateFault.Describe(
            leaf, chain, errors, target.Tls.ServerName, TimeProvider.System.GetUtcNow());
        return false;
    }

    private DnsStreamEnd Explain(Exception error)
    {
        if (_certificateFault is not null)
        {
            return Lose(LossReason.TlsCertificate, _certificateFault);
        }
        if ((error as SocketException ?? error.InnerException as SocketException) is { } socketError)
        {
            var reason = socketError.SocketErrorCode switch
            {
                SocketError.TimedOut => LossReason.Timeout,
                SocketError.HostUnreachable or SocketError.HostDown => LossReason.HostUnreachable,
                SocketError.NetworkUnreachable => LossReason.NetworkUnreachable,
                _ => LossReason.Reset,
            };
            return Lose(reason, null);
        }
        if (target.Tls is null || _tls is not null)
        {
            return Lose(LossReason.Closed, "the name server closed the connection before its answer was whole");
        }
        var cause = error.InnerException is { } inner ? inner.InnerException ?? inner : error;
        return error is AuthenticationException || error.InnerException is not null
            ? Lose(LossReason.TlsHandshake, PrintableText.Quote(cause.Message, TextShown)[1..^1])
            : Lose(LossReason.Closed, "the name server closed the connection during the TLS handshake");
    }

    private static TimeSpan Since(long began) => ToTime(LibCClock.ReadBootTime() - began);

    private static TimeSpan ToTime(long nanoseconds) => new(nanoseconds / TimeSpan.NanosecondsPerTick);
}
