namespace Sonde.Samples;

/// <summary>How the last rounds of a series ended, by number: rounds may close in another order. One caller at a
/// time.</summary>
internal sealed class RoundOutcomes
{
    /// <summary>So many rounds lost whole in a row are an outage (DESIGN: words, state).</summary>
    private const int RoundsToBeDown = 3;

    private readonly List<(long Number, bool IsLostWhole)> _measured = new(RoundsToBeDown + 1);
    private long _newest = long.MinValue;

    /// <summary>When the newest round was due: milliseconds since 1970 UTC; null = no round yet.</summary>
    public long? NewestAtMilliseconds { get; private set; }

    /// <summary>True when no probe of the newest round could be sent.</summary>
    public bool IsNewestUnmeasured { get; private set; }

    /// <summary>True when one of the last three measured rounds was answered.</summary>
    public bool IsAnswering => _measured.Exists(static round => !round.IsLostWhole);

    /// <summary>True when the last three measured rounds were lost whole.</summary>
    public bool IsDown => _measured.Count == RoundsToBeDown && !IsAnswering;

    /// <summary>Takes in a round that ended.</summary>
    public void Add(in Round round)
    {
        if (round.Number > _newest)
        {
            _newest = round.Number;
            NewestAtMilliseconds = round.StartedAtMilliseconds;
            IsNewestUnmeasured = !round.IsMeasured;
        }
        if (!round.IsMeasured)
        {
            return;
        }
        var place = _measured.Count;
        while (place > 0 && _measured[place - 1].Number > round.Number)
        {
            place--;
        }
        if (place > 0 && _measured[place - 1].Number == round.Number)
        {
            return;
        }
        _measured.Insert(place, (round.Number, round.IsLostWhole));
        if (_measured.Count > RoundsToBeDown)
        {
            _measured.RemoveAt(0);
        }
    }
}
