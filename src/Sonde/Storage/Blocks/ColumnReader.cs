using Sonde.Samples;

namespace Sonde.Storage.Blocks;

/// <summary>
/// Reads what <see cref="ColumnWriter"/> wrote. Never throws: after the first thing that cannot be, it gives zeros.
/// </summary>
internal ref struct ColumnReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _position;
    private ulong _repeated;
    private ulong _times;
    private bool _isDamaged;

    /// <summary>True when all could be read and nothing is left over.</summary>
    public readonly bool IsWhole => !_isDamaged && _position == _bytes.Length;

    /// <summary>The next number.</summary>
    public ulong Number()
    {
        if (!_isDamaged && Varint.TryRead(_bytes, ref _position, out var value))
        {
            return value;
        }
        _isDamaged = true;
        return 0;
    }

    /// <summary>The next number of a column of runs.</summary>
    public ulong Repeatable()
    {
        if (_times == 0)
        {
            _times = Number();
            _repeated = Number();
            if (_times == 0)
            {
                _isDamaged = true;
                return 0;
            }
        }
        _times--;
        return _isDamaged ? 0 : _repeated;
    }

    /// <summary>The column ends here: a run that would go on is damage.</summary>
    public void EndRun()
    {
        _isDamaged |= _times != 0;
        _times = 0;
    }

    /// <summary>The value, or 0 and damage when it is greater than can be.</summary>
    public ulong AtMost(ulong limit, ulong value)
    {
        if (value <= limit)
        {
            return value;
        }
        _isDamaged = true;
        return 0;
    }
}
