using System.Numerics;
using Sonde.Samples;

namespace Sonde.Storage.Blocks;

/// <summary>
/// Reads what <see cref="ColumnWriter"/> wrote. Never throws: after the first thing that cannot be, it gives zeros.
/// </summary>
internal ref struct ColumnReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;
    private bool _isDamaged;

    /// <summary>True when all could be read and nothing is left over.</summary>
    public readonly bool IsWhole => !_isDamaged && _rest.IsEmpty;

    /// <summary>True after the first thing that cannot be.</summary>
    public readonly bool IsDamaged => _isDamaged;

    /// <summary>What was not read yet; nothing after damage.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>The next byte as it is.</summary>
    public byte Byte()
    {
        if (_rest.IsEmpty)
        {
            Damage();
            return 0;
        }
        var value = _rest[0];
        _rest = _rest[1..];
        return value;
    }

    /// <summary>The next number.</summary>
    public ulong Number()
    {
        var position = 0;
        if (Varint.TryRead(_rest, ref position, out var value))
        {
            _rest = _rest[position..];
            return value;
        }
        Damage();
        return 0;
    }

    /// <summary>The next number of either sign.</summary>
    public long Signed() => Varint.UnZigZag(Number());

    /// <summary>The next number; 0, and damage, when it is greater than can be.</summary>
    public ulong AtMost(ulong limit)
    {
        var value = Number();
        if (value <= limit)
        {
            return value;
        }
        Damage();
        return 0;
    }

    /// <summary>A column of runs: each number at most <paramref name="limit"/>.</summary>
    public void Runs<T>(Span<T> column, ulong limit)
        where T : struct, IBinaryInteger<T>, IUnsignedNumber<T>
    {
        while (!column.IsEmpty)
        {
            var length = (int)AtMost((ulong)column.Length);
            var value = AtMost(limit);
            if (length == 0 || _isDamaged)
            {
                Damage();
                column.Clear();
                return;
            }
            column[..length].Fill(T.CreateTruncating(value));
            column = column[length..];
        }
    }

    /// <summary>Goes on behind so many bytes of <see cref="Rest"/>.</summary>
    public void Skip(int bytes)
    {
        if (bytes > _rest.Length)
        {
            Damage();
            return;
        }
        _rest = _rest[bytes..];
    }

    /// <summary>What was read cannot be.</summary>
    public void Damage()
    {
        _isDamaged = true;
        _rest = [];
    }
}
