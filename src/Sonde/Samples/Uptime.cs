namespace Sonde.Samples;

/// <summary>The rounds of a check over the last hour, by minute. One caller at a time.</summary>
internal sealed class Uptime
{
    /// <summary>Longer than any round is open: the longest timeout (60 s), the probes of a round, and the
    /// pipeline.</summary>
    private const long OpenMilliseconds = 180_000;

    private const int Minutes = 60;
    private readonly Slot[] _slots = new Slot[Minutes + 4];
    private Dictionary<long, Half>? _halves;

    /// <summary>Counts a round. The rounds of two families with one number are one round, lost whole when both
    /// are.</summary>
    public void Add(in Round round, bool hasOtherFamily)
    {
        if (!round.IsMeasured)
        {
            return;
        }
        if (!hasOtherFamily)
        {
            Count(round.StartedAtMilliseconds, measured: 1, lostWhole: round.IsLostWhole ? 1 : 0);
            return;
        }
        _halves ??= [];
        if (!_halves.Remove(round.Number, out var other))
        {
            _halves.Add(round.Number, new(round.StartedAtMilliseconds, round.IsLostWhole));
            Count(round.StartedAtMilliseconds, measured: 1, lostWhole: round.IsLostWhole ? 1 : 0);
        }
        else if (other.IsLostWhole && !round.IsLostWhole)
        {
            Count(other.StartedAtMilliseconds, measured: 0, lostWhole: -1);
        }
    }

    /// <summary>Rounds not lost whole ÷ rounds measured over 60 minutes that end with the one under way; null = none
    /// measured.</summary>
    public double? Ratio(long nowMilliseconds)
    {
        var newest = SealedMinutes.MinuteOf(nowMilliseconds);
        var (measured, lostWhole) = (0, 0);
        foreach (ref readonly var slot in _slots.AsSpan())
        {
            if (slot.Minute <= newest && slot.Minute > newest - Minutes)
            {
                measured += slot.Measured;
                lostWhole += slot.LostWhole;
            }
        }
        return measured == 0 ? null : (double)(measured - lostWhole) / measured;
    }

    /// <summary>Forgets the rounds that wait in vain for their other family.</summary>
    public void Tidy(long nowMilliseconds)
    {
        foreach (var (number, half) in _halves ?? [])
        {
            if (Math.Abs(nowMilliseconds - half.StartedAtMilliseconds) > OpenMilliseconds)
            {
                _halves!.Remove(number);   // allowed while enumerating since .NET Core 3.0
            }
        }
    }

    private void Count(long startedAt, int measured, int lostWhole)
    {
        var minute = SealedMinutes.MinuteOf(startedAt);
        ref var slot = ref _slots[(int)((uint)minute % (uint)_slots.Length)];
        if (slot.Minute != minute)
        {
            slot = new Slot { Minute = minute };
        }
        slot.Measured = (ushort)(slot.Measured + measured);   // at most 600 rounds a minute
        slot.LostWhole = (ushort)Math.Max(0, slot.LostWhole + lostWhole);
    }

    private readonly record struct Half(long StartedAtMilliseconds, bool IsLostWhole);

    private struct Slot
    {
        public int Minute;
        public ushort Measured;
        public ushort LostWhole;
    }
}
