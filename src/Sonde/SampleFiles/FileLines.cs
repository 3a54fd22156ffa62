namespace Sonde.SampleFiles;

/// <summary>
/// Reads a file line by line in constant memory: lines end with LF or CRLF, and a UTF-8 byte order mark is passed over.
/// One caller at a time.
/// </summary>
/// <remarks>
/// Whoever finds that a line goes on in the next one, because a quoted field holds a line feed, extends it; when that
/// comes to nothing, it goes back, so that a stray quote costs one line and not the rest of the file.
/// </remarks>
internal sealed class FileLines(Stream input)
{
    /// <summary>The longest line, and the most bytes that it may be extended to.</summary>
    public const int MaxLength = 1 << 16;

    private const int BufferLength = 1 << 18;
    private const byte LineFeed = (byte)'\n', CarriageReturn = (byte)'\r';

    private readonly byte[] _buffer = new byte[BufferLength];
    private int _start;         // of the line
    private int _next;          // what follows the line
    private int _secondLine;    // what follows its first line
    private int _end;           // of what is read
    private int _lines = 1;     // how many the line is made of
    private bool _isRead;

    /// <summary>The number of the line, from 1; of the first one when it was extended.</summary>
    public long Number { get; private set; }

    /// <summary>True when the line is longer than <see cref="MaxLength"/>: it was passed over.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>True when the file ends behind the line without a line feed.</summary>
    public bool IsUnended { get; private set; }

    /// <summary>How many bytes were read from the file. Any thread.</summary>
    public long BytesRead => Interlocked.Read(ref _bytesRead);

    private long _bytesRead;

    /// <summary>The first bytes of the file, up to a page of them; nothing is taken away.</summary>
    public ReadOnlySpan<byte> Peek()
    {
        while (_end < Environment.SystemPageSize && Fill())
        {
        }
        return _buffer.AsSpan(0, Math.Min(_end, Environment.SystemPageSize));
    }

    /// <summary>Reads the next line, without its end; false at the end of the file.</summary>
    /// <param name="line">Valid until the next call; empty when it was too long.</param>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        if (Number == 0)
        {
            PassByteOrderMark();
        }
        Number += Number == 0 ? 1 : _lines;
        (_start, _lines, IsTooLong) = (_next, 1, false);
        if (!TryFindEnd(_start, out var isUnended))
        {
            line = default;
            return IsTooLong && SkipRest();
        }
        (IsUnended, _secondLine) = (isUnended, _next);
        line = Line();
        return true;
    }

    /// <summary>Joins the next line to this one, with the line feed between them; false when there is none.</summary>
    public bool TryExtend(out ReadOnlySpan<byte> line)
    {
        line = default;
        var before = _next - _start;
        if (IsUnended || !TryFindEnd(_next, out var isUnended))
        {
            _next = _start + before;
            IsTooLong = false;
            return false;
        }
        IsUnended = isUnended;
        _lines++;
        line = Line();
        return true;
    }

    /// <summary>Takes only the first line of an extended one: the next reading goes on behind that.</summary>
    public void GoBack()
    {
        if (_lines > 1)
        {
            (_next, _lines, IsUnended) = (_secondLine, 1, false);
        }
    }

    /// <summary>Gives the line back: the next reading is of the same one.</summary>
    public void GiveBack()
    {
        GoBack();
        (_next, _lines) = (_start, 0);
    }

    private ReadOnlySpan<byte> Line()
    {
        var line = _buffer.AsSpan(_start.._next);
        if (line is [.. var before, LineFeed])
        {
            line = before;
        }
        return line is [.. var text, CarriageReturn] ? text : line;
    }

    // Sets what follows the line. False at the end of the file, and when the line is too long.
    private bool TryFindEnd(int from, out bool isUnended)
    {
        isUnended = false;
        var before = from - _start;
        while (true)
        {
            var length = _buffer.AsSpan(from.._end).IndexOf(LineFeed);
            if (length >= 0)
            {
                _next = from + length + 1;
                return !(IsTooLong = _next - _start > MaxLength + 1);
            }
            if (_end - _start > MaxLength)
            {
                IsTooLong = true;
                return false;
            }
            var searched = _end - _start;
            if (!Fill())
            {
                isUnended = true;
                var isThere = _end - _start > before;
                _next = isThere ? _end : _next;
                return isThere;
            }
            from = _start + searched;
        }
    }

    private bool SkipRest()
    {
        IsUnended = false;
        if (_next > _start)
        {
            return true;    // its end was found already
        }
        while (true)
        {
            var length = _buffer.AsSpan(_start.._end).IndexOf(LineFeed);
            if (length >= 0)
            {
                _next = _start + length + 1;
                return true;
            }
            (_start, _next, _end) = (0, 0, 0);
            if (!Fill())
            {
                IsUnended = true;
                return true;
            }
        }
    }

    // Moves the line to the front first, so that there is room for the longest one and more.
    private bool Fill()
    {
        if (_isRead)
        {
            return false;
        }
        if (_start > 0)
        {
            _buffer.AsSpan(_start.._end).CopyTo(_buffer);
            _end -= _start;
            _next -= _start;
            _secondLine -= _start;
            _start = 0;
        }
        var read = input.Read(_buffer, _end, _buffer.Length - _end);
        _isRead = read == 0;
        _end += read;
        Interlocked.Add(ref _bytesRead, read);
        return read > 0;
    }

    private void PassByteOrderMark()
    {
        if (Peek().StartsWith("\uFEFF"u8))
        {
            _start = _next = "\uFEFF"u8.Length;
        }
    }
}
