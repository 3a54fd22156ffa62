using System.Globalization;
using System.Text.Json;

namespace Sonde.Charts.Queries;

/// <summary>
/// Writes long JSON arrays of numbers with up to three decimals; one after the other in the same memory.
/// </summary>
/// <remarks>A tenth of what <see cref="Utf8JsonWriter"/> takes for doubles: whole thousandths need no search for the
/// shortest digits.</remarks>
internal sealed class NumberArray
{
    /// <summary>A comma, a sign, 17 digits, the point and 3 digits.</summary>
    private const int MostOfNumber = 23;

    private byte[] _text = new byte[1_024];
    private int _length;
    private bool _isFirst;

    /// <summary>Begins an array.</summary>
    public void Begin()
    {
        _length = 0;
        Open();
    }

    /// <summary>Begins an array within the array.</summary>
    public void BeginInner() => Open();

    /// <summary>Adds a number given in thousandths, without zeros at its end.</summary>
    public void Add(long thousandths)
    {
        var room = Next();
        var at = 0;
        if (thousandths < 0)
        {
            room[at++] = (byte)'-';
        }
        var (whole, rest) = Math.DivRem((ulong)Math.Abs(thousandths), 1_000UL);
        if (whole < 10)   // most counts, and the times of near hosts
        {
            room[at++] = (byte)('0' + whole);
        }
        else
        {
            _ = whole.TryFormat(room[at..], out var digits, provider: CultureInfo.InvariantCulture);
            at += digits;
        }
        if (rest != 0)
        {
            room[at] = (byte)'.';
            room[at + 1] = (byte)('0' + (rest / 100));
            room[at + 2] = (byte)('0' + (rest / 10 % 10));
            room[at + 3] = (byte)('0' + (rest % 10));
            at += rest % 10 != 0 ? 4 : rest % 100 != 0 ? 3 : 2;
        }
        _length += at;
    }

    /// <summary>Adds null.</summary>
    public void AddNull()
    {
        "null"u8.CopyTo(Next());
        _length += 4;
    }

    /// <summary>Ends the array within.</summary>
    public void EndInner()
    {
        Close();
        _isFirst = false;   // also when it was empty
    }

    /// <summary>Ends the array and writes it as a property.</summary>
    public void WriteTo(Utf8JsonWriter json, string name)
    {
        Close();
        json.WritePropertyName(name);
        json.WriteRawValue(_text.AsSpan(0, _length), skipInputValidation: true);
    }

    private void Open()
    {
        Next()[0] = (byte)'[';
        _length++;
        _isFirst = true;
    }

    private void Close() => _text[_length++] = (byte)']';   // Next leaves room for it

    /// <summary>Separates the next value from the one before, and gives room for it.</summary>
    private Span<byte> Next()
    {
        if (_text.Length - _length <= MostOfNumber)
        {
            Array.Resize(ref _text, _text.Length * 2);
        }
        if (!_isFirst && _length > 0)
        {
            _text[_length++] = (byte)',';
        }
        _isFirst = false;
        return _text.AsSpan(_length);
    }
}
