using Sonde.Measurement.Statistics;

namespace Sonde.Samples;

/// <summary>The newest samples of a series one by one, in the order of round and index, 16 bytes each. One caller at
/// a time.</summary>
/// <remarks>Samples come in nearly that order: a lost one comes when its timeout has passed, after later ones were
/// answered.</remarks>
internal sealed class RecentSamples
{
    private const int MinCapacity = 8;
    private PackedSample[] _samples = [];
    private PackedSample.Origin _origin;
    private int _start;

    /// <summary>How many samples are kept.</summary>
    public int Count { get; private set; }

    /// <summary>When the first in order was sent; call it only when there is one.</summary>
    public long FirstSentAtMilliseconds => _samples[_start].SentAtMilliseconds(_origin);

    /// <summary>Puts the sample into its place. One that is there already changes nothing.</summary>
    /// <returns>False when it is too far away from those that are there, by 24 days: they have to go first.</returns>
    public bool TryAdd(in Sample sample, out bool isNew)
    {
        isNew = false;
        if (!TryPack(sample, out var packed))
        {
            return false;
        }
        var place = PlaceOf(sample);
        if (place < Count && _samples[_start + place].CompareTo(sample.Round, sample.Index, _origin) == 0)
        {
            return true;
        }
        MakeRoom();
        var at = _start + place;
        Array.Copy(_samples, at, _samples, at + 1, Count - place);
        _samples[at] = packed;
        Count++;
        isNew = true;
        return true;
    }

    /// <summary>Adds those sent from (inclusive) to (exclusive) to a window, in order.</summary>
    public void AddTo(Window window, long fromMilliseconds, long toMilliseconds)
    {
        foreach (ref readonly var sample in Live())
        {
            var sentAt = sample.SentAtMilliseconds(_origin);
            if (sentAt >= fromMilliseconds && sentAt < toMilliseconds)
            {
                sample.AddTo(window, _origin);
            }
        }
    }

    /// <summary>Takes the first sample out and adds it to a window.</summary>
    /// <returns>Its round and index.</returns>
    public (long Round, int Index) MoveFirstTo(Window window)
    {
        var first = _samples[_start].Unpack(default, _origin);
        _samples[_start].AddTo(window, _origin);
        _start++;
        Count--;
        return (first.Round, first.Index);
    }

    /// <summary>Gives back the memory that is much more than needed.</summary>
    public void Trim()
    {
        if (_samples.Length > MinCapacity && Count < _samples.Length / 2)
        {
            Move(new PackedSample[Math.Max(MinCapacity, Count + Count / 8)]);
        }
    }

    /// <summary>The samples in full, in order, but for their hop limits.</summary>
    public IEnumerable<Sample> Unpack(SeriesHandle series)
    {
        for (var i = 0; i < Count; i++)
        {
            yield return _samples[_start + i].Unpack(series, _origin);
        }
    }

    private ReadOnlySpan<PackedSample> Live() => _samples.AsSpan(_start, Count);

    private bool TryPack(in Sample sample, out PackedSample packed)
    {
        if (Count == 0)
        {
            _origin = new(sample.Round, sample.SentAtMilliseconds);
            _start = 0;
        }
        return _origin.TryPack(sample, out packed) || (TryRebase() && _origin.TryPack(sample, out packed));
    }

    /// <summary>Makes the first sample the origin: the old one may have gone weeks ago.</summary>
    private bool TryRebase()
    {
        var first = _samples[_start].Unpack(default, _origin);
        var origin = new PackedSample.Origin(first.Round, first.SentAtMilliseconds);
        var rebased = new PackedSample[_samples.Length];
        for (var i = 0; i < Count; i++)
        {
            if (!_samples[_start + i].TryRebase(_origin, origin, out rebased[i]))
            {
                return false;
            }
        }
        _samples = rebased;
        _start = 0;
        _origin = origin;
        return true;
    }

    /// <summary>The place of the sample, or where it belongs; searched from the end, where it mostly is.</summary>
    private int PlaceOf(in Sample sample)
    {
        var place = Count;
        while (place > 0 && _samples[_start + place - 1].CompareTo(sample.Round, sample.Index, _origin) >= 0)
        {
            place--;
        }
        return place;
    }

    private void MakeRoom()
    {
        if (_start + Count < _samples.Length)
        {
            return;
        }
        var hasRoom = Count > 0 && _start >= Math.Max(1, _samples.Length / 16);
        Move(hasRoom ? _samples : new PackedSample[Math.Max(MinCapacity, Count + Count / 8 + 1)]);
    }

    private void Move(PackedSample[] to)
    {
        Array.Copy(_samples, _start, to, 0, Count);
        _samples = to;
        _start = 0;
    }
}
