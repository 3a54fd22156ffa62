using System.Text;

namespace Sonde.Measurement.Tcp;

/// <summary>How reading a line ended.</summary>
internal enum LineEnd
{
    /// <summary>There is a line; the last one before the peer closed may lack its end.</summary>
    Line,

    /// <summary>The peer closed the connection, and no text was left.</summary>
    Closed,

    /// <summary>The line is longer than <see cref="LineReader.MaximumLine"/>.</summary>
    TooLong,

    /// <summary>The peer sent more than <see cref="LineReader.MaximumTotal"/> in all.</summary>
    TooMuch,
}

/// <summary>Reads lines from a peer that may send anything, in bounded memory.</summary>
/// <remarks>A line ends with LF or CR LF. Bytes that are not UTF-8 become U+FFFD.</remarks>
internal sealed class LineReader(Stream stream)
{
    /// <summary>Bytes of the longest line, its end not counted.</summary>
    public const int MaximumLine = 8 * 1024;

    /// <summary>Bytes that a peer may send in one dialogue.</summary>
    public const int MaximumTotal = 64 * 1024;

    private readonly byte[] _buffer = new byte[MaximumLine + 2];
    private int _start;
    private int _end;
    private int _total;

    /// <summary>The next line without its end; the text is null unless the end is <see cref="LineEnd.Line"/>.</summary>
    public async ValueTask<(LineEnd End, string? Text)> ReadAsync(CancellationToken cancellationToken)
    {
        var searched = 0;
        while (true)
        {
            var unread = _buffer.AsMemory(_start, _end - _start);
            var found = unread.Span[searched..].IndexOf((byte)'\n');
            if (found >= 0)
            {
                var length = searched + found;
                _start += length + 1;
                var line = unread[..length];
                line = line.Span.EndsWith("\r"u8) ? line[..^1] : line;
                return line.Length > MaximumLine ? (LineEnd.TooLong, null) : (LineEnd.Line, Decode(line));
            }
            searched = unread.Length;
            if (searched == _buffer.Length)
            {
                return (LineEnd.TooLong, null);
            }
            unread.CopyTo(_buffer);
            (_start, _end) = (0, searched);
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (read == 0)
            {
                _start = _end;
                return searched == 0 ? (LineEnd.Closed, null) : (LineEnd.Line, Decode(_buffer.AsMemory(0, searched)));
            }
            _end += read;
            _total += read;
            if (_total > MaximumTotal)
            {
                return (LineEnd.TooMuch, null);
            }
        }
    }

    private static string Decode(ReadOnlyMemory<byte> line) => Encoding.UTF8.GetString(line.Span);
}
