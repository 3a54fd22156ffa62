using System.Buffers;
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
    /// <summary>A sign, 19 digits, the point and a comma.</summary>
    private const int MostOfNumber = 22;

    private readonly ArrayBufferWriter<byte> _text = new(1_024);
    private bool _isFirst;

    /// <summary>Begins an array.</summary>
    public void Begin()
    {
        _text.ResetWrittenCount();
        Open();
    }

    /// <summary>Begins an array within the array.</summary>
    public void BeginInner()
    {
        Separate();
        Open();
    }

    /// <summary>Adds a number given in thousandths, without zeros at its end.</summary>
    public void Add(long thousandths)
    {
        Separate();
        var room = _text.GetSpan(MostOfNumber);
        var at = 0;
        if (thousandths < 0)
        {
            room[at++] = (byte)'-';
        }
        var (whole, rest) = Math.DivRem((ulong)Math.Abs(thousandths), 1_000UL);
        _ = whole.TryFormat(room[at..], out var digits, provider: CultureInfo.InvariantCulture);
        at += digits;
        if (rest != 0)
        {
            room[at] = (byte)'.';
            room[at + 1] = (byte)('0' + (rest / 100));
            room[at + 2] = (byte)('0' + (rest / 10 % 10));
            room[at + 3] = (byte)('0' + (rest % 10));
            at += rest % 10 != 0 ? 4 : rest % 100 != 0 ? 3 : 2;
        }
        _text.Advance(at);
    }

    /// <summary>Adds null.</summary>
    public void AddNull()
    {
        Separate();
        _text.Write("null"u8);
    }

    /// <summary>Ends the array within.</summary>
    public void EndInner()
    {
        _text.Write("]"u8);
        _isFirst = false;
    }

    /// <summary>Ends the array and writes it as a property.</summary>
    public void WriteTo(Utf8JsonWriter json, string name)
    {
        _text.Write("]"u8);
        json.WritePropertyName(name);
        json.WriteRawValue(_text.WrittenSpan, skipInputValidation: true);
    }

    private void Open()
    {
        _text.Write("["u8);
        _isFirst = true;
    }

    private void Separate()
    {
        if (!_isFirst)
        {
            _text.Write(","u8);
        }
        _isFirst = false;
    }
}
