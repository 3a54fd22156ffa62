using System.Text;
using System.Text.RegularExpressions;
using Sonde.Measurement.Text;
using Sonde.Measurement.Tls;

namespace Sonde.Measurement.Tcp;

/// <summary>
/// One step of a dialogue: first a line is awaited, then one is sent, then TLS begins. Each may be missing, not all.
/// </summary>
public sealed class TcpStep
{
    /// <summary>The longest pattern and the longest line to send, in characters and bytes.</summary>
    public const int MaximumLength = 8192;

    /// <summary>Far above what a linear pattern needs for a line of 8 KB.</summary>
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromMilliseconds(250);

    private readonly Regex? _expect;
    private readonly ReadOnlyMemory<byte> _bytesToSend;

    /// <summary>Awaits a line that matches <paramref name="expect"/>, then sends <paramref name="send"/>.</summary>
    /// <param name="expect">
    /// A .NET regular expression that a line must match anywhere; lines before it that do not match are passed over.
    /// Null awaits none. It runs in linear time, so look-arounds and back-references are refused.
    /// </param>
    /// <param name="send">A line without its end, which is sent as CR LF; null sends none.</param>
    /// <param name="startTls">
    /// How TLS is spoken from then on; null goes on as before. What the peer sent beyond the awaited line is not
    /// believed, and left out.
    /// </param>
    /// <exception cref="ArgumentException">The pattern is wrong, a text is too long or has a line break, or all are
    /// missing.</exception>
    public TcpStep(string? expect, string? send, TlsSettings? startTls = null)
    {
        if (expect is null && send is null && startTls is null)
        {
            throw new ArgumentException("A step must expect a line, send one, or begin TLS.", nameof(expect));
        }
        if (expect?.Length > MaximumLength)
        {
            throw new ArgumentException($"The pattern is longer than {MaximumLength} characters.", nameof(expect));
        }
        if (send is not null && (Encoding.UTF8.GetByteCount(send) > MaximumLength || send.AsSpan().ContainsAny("\r\n")))
        {
            throw new ArgumentException(
                $"What is sent must be one line of at most {MaximumLength} bytes without its end.", nameof(send));
        }
        Expect = expect;
        Send = send;
        StartTls = startTls;
        _expect = expect is null ? null : LinearPattern.Compile(expect, MatchTimeout);
        _bytesToSend = send is null ? default : Encoding.UTF8.GetBytes(send + "\r\n");
    }

    /// <summary>The pattern that a line must match; null awaits none.</summary>
    public string? Expect { get; }

    /// <summary>What is sent then, without the CR LF; null sends none.</summary>
    public string? Send { get; }

    /// <summary>
    /// Whether <c>$1</c>, <c>${1}</c> and <c>${name}</c> in <see cref="Send"/> stand for what a group of
    /// <see cref="Expect"/> matched, and <c>$$</c> for the sign itself; default false.
    /// </summary>
    public bool SendsCaptures { get; init; }

    /// <summary>How TLS is spoken after this step; null goes on as before.</summary>
    public TlsSettings? StartTls { get; }

    /// <summary>
    /// Names, and texts with <c>$1</c> and the like that are told as <see cref="TcpFindings.Labels"/> once a line has
    /// matched; default none.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> Labels { get; init; } = [];

    /// <summary>How <paramref name="line"/> matches what this step awaits.</summary>
    /// <exception cref="RegexMatchTimeoutException">Matching took longer than 250 ms.</exception>
    internal Match Match(string line) => _expect?.Match(line) ?? System.Text.RegularExpressions.Match.Empty;

    /// <summary>The line to send with its end; empty for none.</summary>
    /// <param name="awaited">How the awaited line matched; null when none was awaited.</param>
    internal ReadOnlyMemory<byte> BytesToSend(Match? awaited)
    {
        if (!SendsCaptures || awaited is null || Send is null)
        {
            return _bytesToSend;
        }
        var line = CaptureText.Expand(Send, awaited).ReplaceLineEndings("");   // what came cannot make it two lines
        return Encoding.UTF8.GetBytes(line + "\r\n");
    }
}
