namespace Sonde.Samples;

/// <summary>The rounds of a series over the last hour, by minute. One caller at a time.</summary>
internal sealed class HourOfRounds
{
    private const int Minutes = 60;
    private readonly Slot[] _slots = new Slot[Minutes + 4];

    /// <summary>Counts a round that ended.</summary>
    public void Add(in Round round)
    {
        var minute = SealedMinutes.MinuteOf(round.StartedAtMilliseconds);
        ref var slot = ref _slots[(int)((uint)minute % (uint)_slots.Length)];
        if (slot.Minute != minute)
        {
            slot = new Slot { Minute = minute };
        }
        slot.Totals += new RoundTotals(
            round.IsMeasured ? 1 : 0, round.IsLostWhole ? 1 : 0, round.MissedBefore, round.LateAnswers);
    }

    /// <summary>The totals over 60 minutes that end with the one under way.</summary>
    public RoundTotals TotalsAt(long nowMilliseconds)
    {
        var newest = SealedMinutes.MinuteOf(nowMilliseconds);
        var totals = default(RoundTotals);
        foreach (ref readonly var slot in _slots.AsSpan())
        {
            if (slot.Minute <= newest && slot.Minute > newest - Minutes)
            {
                totals += slot.Totals;
            }
        }
        return totals;
    }

    private struct Slot
    {
        public int Minute;
        public RoundTotals Totals;
    }
}

/// <summary>What became of rounds.</summary>
/// <param name="Measured">Rounds with at least one measured probe.</param>
/// <param name="LostWhole">Of these, without any answer.</param>
/// <param name="Missed">Rounds that were overdue and skipped.</param>
/// <param name="LateAnswers">Answers that came after their probe was given up as lost.</param>
internal readonly record struct RoundTotals(int Measured, int LostWhole, int Missed, int LateAnswers)
{
    /// <summary>Rounds not lost whole ÷ rounds measured, 0 to 1; null = none measured.</summary>
    public double? UptimeRatio => Measured == 0 ? null : (double)(Measured - LostWhole) / Measured;

    /// <summary>Takes two together.</summary>
    public static RoundTotals operator +(RoundTotals one, RoundTotals other) => new(
        one.Measured + other.Measured, one.LostWhole + other.LostWhole, one.Missed + other.Missed,
        one.LateAnswers + other.LateAnswers);
}
