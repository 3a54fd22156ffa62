using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;
using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.SampleFiles;

/// <summary>The texts that name a series.</summary>
internal readonly ref struct SeriesText(
    ReadOnlySpan<byte> check, ReadOnlySpan<byte> vantagePoint, ReadOnlySpan<byte> family, ReadOnlySpan<byte> quantity,
    ReadOnlySpan<byte> unit)
{
    public ReadOnlySpan<byte> Check { get; } = check;

    public ReadOnlySpan<byte> VantagePoint { get; } = vantagePoint;

    public ReadOnlySpan<byte> Family { get; } = family;

    public ReadOnlySpan<byte> Quantity { get; } = quantity;

    public ReadOnlySpan<byte> Unit { get; } = unit;
}

/// <summary>
/// Finds the series that a line names, without making texts of it when it was named before. One caller at a time.
/// </summary>
internal sealed class SeriesNames(SeriesCatalog catalog)
{
    /// <summary>The most series that one import brings.</summary>
    public const int MaxSeries = 1_000_000;

    private const int MaxNameBytes = 256, MaxWordBytes = 64;

    private readonly Dictionary<byte[], SeriesHandle> _known = new(new BytesEqual());
    private readonly Dictionary<CheckId, string> _names = [];
    private byte[] _key = new byte[1_024];
    private byte[] _lastKey = [];
    private SeriesHandle _last;

    /// <summary>Why the last series was refused.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>The name of a check for people: its id, but where the file has another one.</summary>
    public string NameOf(CheckId check) => _names.GetValueOrDefault(check, check.Value);

    /// <summary>Finds the series; false when these are not the texts of one, or there are too many.</summary>
    public bool TryFind(in SeriesText text, out SeriesHandle series)
    {
        var key = KeyOf(text);
        if (key.SequenceEqual(_lastKey))
        {
            series = _last;
            return true;
        }
        var known = _known.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (!known.TryGetValue(key, out series))
        {
            if (!TryMake(text, out var made) || !TryAdd(made, out series))
            {
                return false;
            }
            if (_known.Count == MaxSeries)
            {
                _known.Clear();     // several spellings of the same series
            }
            known[key] = series;
        }
        (_lastKey, _last) = (key.ToArray(), series);
        return true;
    }

    /// <summary>
    /// Adds a series of another tool's file; false when there are too many, or when another name has the same id.
    /// </summary>
    public bool TryAdd(SeriesKey key, string name, out SeriesHandle series)
    {
        series = default;
        if (!_names.TryAdd(key.Check, name) && _names[key.Check] != name)
        {
            return Refuse($"{ShownText.Of(Encoding.UTF8.GetBytes(name))} has the same id as "
                + $"{ShownText.Of(Encoding.UTF8.GetBytes(_names[key.Check]))}, {key.Check}: give them other names, or "
                + "import them one by one with --name");
        }
        return TryAdd(key, out series);
    }

    // Each text with its length before it, so that different texts never make the same key.
    private ReadOnlySpan<byte> KeyOf(in SeriesText text)
    {
        var most = text.Check.Length + text.VantagePoint.Length + text.Family.Length + text.Quantity.Length
            + text.Unit.Length + (5 * sizeof(int));
        if (_key.Length < most)
        {
            _key = new byte[most];
        }
        var length = 0;
        Append(text.Check, ref length);
        Append(text.VantagePoint, ref length);
        Append(text.Family, ref length);
        Append(text.Quantity, ref length);
        Append(text.Unit, ref length);
        return _key.AsSpan(0, length);
    }

    private void Append(ReadOnlySpan<byte> text, ref int length)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_key.AsSpan(length), text.Length);
        text.CopyTo(_key.AsSpan(length + sizeof(int)));
        length += sizeof(int) + text.Length;
    }

    private bool TryMake(in SeriesText text, [NotNullWhen(true)] out SeriesKey? key)
    {
        key = null;
        if (!CheckId.TryParse(Encoding.UTF8.GetString(text.Check), null, out var check))
        {
            return Refuse($"check is {ShownText.Of(text.Check)}: an id of 1 to {CheckId.MaxLength} of a-z 0-9 - . _ "
                + "belongs there");
        }
        if (!IsName(text.VantagePoint, MaxNameBytes) || !IsName(text.Quantity, MaxWordBytes)
            || !IsName(text.Unit, MaxWordBytes))
        {
            return Refuse($"vantagePoint, quantity and unit are words of at most {MaxNameBytes}, {MaxWordBytes} and "
                + $"{MaxWordBytes} bytes of UTF-8");
        }
        if (!text.Family.SequenceEqual("4"u8) && !text.Family.SequenceEqual("6"u8))
        {
            return Refuse($"family is {ShownText.Of(text.Family)}: 4 or 6 belongs there");
        }
        var quantity = new Quantity(Encoding.UTF8.GetString(text.Quantity), Encoding.UTF8.GetString(text.Unit));
        if (quantity.Name == Quantity.Rtt.Name && quantity != Quantity.Rtt)
        {
            return Refuse($"unit is {ShownText.Of(text.Unit)}: the quantity rtt is in {Quantity.Rtt.Unit}");
        }
        key = new SeriesKey(
            check, Encoding.UTF8.GetString(text.VantagePoint), (byte)(text.Family[0] - '0'), quantity);
        return true;
    }

    private static bool IsName(ReadOnlySpan<byte> text, int most) =>
        !text.IsEmpty && text.Length <= most && !text.Contains((byte)0) && Utf8.IsValid(text);

    private bool TryAdd(SeriesKey key, out SeriesHandle series)
    {
        series = catalog.GetOrAdd(key);
        return catalog.Count <= MaxSeries || Refuse($"the file has more than {MaxSeries} series");
    }

    private bool Refuse(string problem)
    {
        Problem = problem;
        return false;
    }
}
