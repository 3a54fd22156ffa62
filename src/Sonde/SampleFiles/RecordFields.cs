using System.Buffers;

namespace Sonde.SampleFiles;

/// <summary>Where the fields of a line stand. One caller at a time.</summary>
internal sealed class RecordFields
{
    /// <summary>The most fields of a line; what follows is not looked at.</summary>
    public const int MaxCount = 4_096;

    private readonly ArrayBufferWriter<byte> _apart = new();
    private Place[] _places = new Place[16];

    /// <summary>How many fields there are.</summary>
    public int Count { get; private set; }

    /// <summary>Forgets the fields.</summary>
    public void Clear()
    {
        Count = 0;
        _apart.ResetWrittenCount();
    }

    /// <summary>Makes so many fields, all empty.</summary>
    public void Clear(int count)
    {
        Clear();
        Grow(count);
        _places.AsSpan(0, count).Clear();
        Count = count;
    }

    /// <summary>The bytes of a field.</summary>
    /// <param name="record">The line that the fields are of.</param>
    /// <param name="field">Its place, from 0; what is beyond <see cref="Count"/> is empty.</param>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> record, int field)
    {
        if ((uint)field >= (uint)Count)
        {
            return default;
        }
        var place = _places[field];
        return (place.IsApart ? _apart.WrittenSpan : record).Slice(place.Start, place.Length);
    }

    /// <summary>Adds a field that stands in the line as it is.</summary>
    public void Add(int start, int length)
    {
        if (Count == _places.Length)
        {
            Grow(Count * 2);
        }
        _places[Count++] = new Place(start, length, IsApart: false);
    }

    /// <summary>Adds a field that stands in the line in another form.</summary>
    public void AddApart(ReadOnlySpan<byte> text)
    {
        Add(0, 0);
        SetApart(Count - 1, text);
    }

    /// <summary>Says where a field stands in the line.</summary>
    public void Set(int field, int start, int length) => _places[field] = new Place(start, length, IsApart: false);

    /// <summary>Says what a field is that stands in the line in another form.</summary>
    public void SetApart(int field, ReadOnlySpan<byte> text)
    {
        _places[field] = new Place(_apart.WrittenCount, text.Length, IsApart: true);
        _apart.Write(text);
    }

    private void Grow(int count) => Array.Resize(ref _places, Math.Max(count, _places.Length));

    private readonly record struct Place(int Start, int Length, bool IsApart);
}
