using System.Net;
using System.Runtime.InteropServices;
using Sonde.Measurement;
using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.Probing;

/// <summary>
/// A check at work over one address family: its place in time, its address, its rounds under way. The loop's thread
/// owns it.
/// </summary>
internal sealed class CheckRun(Check check, FamilyChoice family, SeriesHandle series, long firstRound, long startAt)
{
    /// <summary>A probe within its round may leave this late even when the next one is due: 100 ms.</summary>
    private const long Patience = 100_000_000;

    private readonly List<RoundUnderWay> _open = [];
    private long _roundAt = startAt;
    private ProbeTarget? _roundTarget;
    private long _missedTold;
    private long _lateTold;

    /// <summary>The check; replaced on a reload that changes what does not concern the measurement.</summary>
    public Check Check { get; set; } = check;

    /// <summary>Over which family it measures: auto, 4 or 6.</summary>
    public FamilyChoice Family { get; } = family;

    /// <summary>
    /// The series that its next round's samples go to; another after auto has changed the family.
    /// </summary>
    public SeriesHandle Series { get; set; } = series;

    /// <summary>Whom the next round probes; null while the name was never resolved.</summary>
    public ProbeTarget? Target { get; set; }

    /// <summary>The series of the round that was opened last: it keeps the one with which it began.</summary>
    public SeriesHandle RoundSeries { get; private set; } = series;

    /// <summary>
    /// Whom the round that was opened last probes: the address with which it began. One that began without takes what
    /// its name has got since, unless that belongs to another series.
    /// </summary>
    public ProbeTarget? RoundTarget => _roundTarget ?? (Series == RoundSeries ? Target : null);

    /// <summary>Why there is no target, when the resolver says that the name does not exist; null otherwise.</summary>
    public string? NameProblem { get; set; }

    /// <summary>Why there is no target although the name exists: it has no address of the family; null
    /// otherwise.</summary>
    public string? AddressProblem { get; set; }

    /// <summary>Addresses of the other family, for auto when the present one stops answering; null = none.</summary>
    public IPAddress? OtherAddress { get; set; }

    /// <summary>When its next probe is due, boot-time nanoseconds.</summary>
    public long NextProbeAt { get; private set; } = startAt;

    /// <summary>The place of the next probe in its round.</summary>
    public int NextIndex { get; private set; }

    /// <summary>The number of the round that the next probe belongs to.</summary>
    public long RoundNumber { get; private set; } = firstRound;

    /// <summary>Rounds that were overdue and skipped, since the start.</summary>
    public long MissedRounds { get; private set; }

    /// <summary>Answers that came after their probe was given up, since the start.</summary>
    public long LateAnswers { get; set; }

    /// <summary>Rounds lost whole in a row.</summary>
    public int LostInARow { get; private set; }

    /// <summary>True once a reload has taken the check away: it begins no more probes.</summary>
    public bool IsRemoved { get; set; }

    /// <summary>Rounds of which probes are awaited.</summary>
    public int OpenRounds => _open.Count;

    private long Interval { get; } = check.Interval.Ticks * TimeSpan.NanosecondsPerTick;

    private long Gap { get; } = check.Gap.Ticks * TimeSpan.NanosecondsPerTick;

    /// <summary>
    /// Skips the rounds whose successor is due already: overdue rounds are counted, never queued (DESIGN: rounds).
    /// </summary>
    /// <returns>How many were skipped.</returns>
    public long SkipOverdueRounds(long now)
    {
        var missed = NextIndex == 0 ? Math.Max((now - _roundAt) / Interval, 0) : 0;
        Skip(missed);
        return missed;
    }

    /// <summary>
    /// Skips one round more when it is late by more than half an interval: sent now, it would stand closer to the next
    /// than that, and after a stop all checks would send at once.
    /// </summary>
    /// <returns>How many were skipped: 0 or 1.</returns>
    public long SkipRoundTooLate(long now)
    {
        var missed = NextIndex == 0 && now - _roundAt > Interval / 2 ? 1 : 0;
        Skip(missed);
        return missed;
    }

    /// <summary>
    /// True when the next probe of a round under way is so late that the one after it is due too, and more than 100 ms
    /// late: it is not sent any more.
    /// </summary>
    public bool IsProbeOverdue(long now) => NextIndex > 0 && now - NextProbeAt > Math.Max(Gap, Patience);

    /// <summary>Goes on to the next probe: of this round, or the first of the next, at a fixed rate.</summary>
    public void MoveOn()
    {
        if (++NextIndex < Check.Packets)
        {
            NextProbeAt = _roundAt + (NextIndex * Gap);
            return;
        }
        NextIndex = 0;
        RoundNumber++;
        _roundAt += Interval;
        NextProbeAt = _roundAt;
    }

    /// <summary>Opens the round that the next probe begins.</summary>
    public void Open(long startedAtMilliseconds)
    {
        (RoundSeries, _roundTarget) = (Series, Target);
        _open.Add(new RoundUnderWay
        {
            Series = Series,
            Number = RoundNumber,
            StartedAtMilliseconds = startedAtMilliseconds,
            Awaited = Check.Packets,
        });
    }

    /// <summary>Takes in how one probe of a round ended.</summary>
    /// <returns>The whole round when this was its last probe; else null.</returns>
    public Round? Count(long round, bool isMeasured, bool isLost)
    {
        var place = PlaceOf(round);
        if (place < 0)
        {
            return null;
        }
        ref var open = ref CollectionsMarshal.AsSpan(_open)[place];
        open.Sent += isMeasured ? 1 : 0;
        open.Lost += isLost ? 1 : 0;
        open.NotSent += isMeasured ? 0 : 1;
        return Settle(place, probes: 1);
    }

    /// <summary>Awaits no more than the probes that were begun: none follows in the round that began last.</summary>
    /// <returns>The round when they have all ended already; else null.</returns>
    public Round? CutOff() => NextIndex > 0 ? Settle(PlaceOf(RoundNumber), Check.Packets - NextIndex) : null;

    /// <summary>Counts a round that has ended without a probe as missed: it is told with the next one.</summary>
    public void SkipEnded(in Round round)
    {
        MissedRounds++;
        _missedTold -= round.MissedBefore;
        _lateTold -= round.LateAnswers;
    }

    private int PlaceOf(long round)
    {
        var place = _open.Count - 1;
        while (place >= 0 && _open[place].Number != round)
        {
            place--;
        }
        return place;
    }

    /// <summary>Awaits some probes less of a round.</summary>
    private Round? Settle(int place, int probes)
    {
        ref var open = ref CollectionsMarshal.AsSpan(_open)[place];
        open.Awaited -= probes;
        if (open.Awaited > 0)
        {
            return null;
        }
        var whole = new Round(open.Series, open.Number, open.StartedAtMilliseconds, open.Sent, open.Lost, open.NotSent)
        {
            MissedBefore = (int)Math.Min(MissedRounds - _missedTold, int.MaxValue),
            LateAnswers = (int)Math.Min(LateAnswers - _lateTold, int.MaxValue),
        };
        (_missedTold, _lateTold) = (MissedRounds, LateAnswers);
        _open.RemoveAt(place);
        LostInARow = whole.IsLostWhole ? LostInARow + 1 : whole.IsMeasured ? 0 : LostInARow;
        return whole;
    }

    private void Skip(long rounds)
    {
        MissedRounds += rounds;
        RoundNumber += rounds;
        _roundAt += rounds * Interval;
        NextProbeAt = _roundAt + (NextIndex * Gap);
    }

    private struct RoundUnderWay
    {
        public SeriesHandle Series;
        public long Number;
        public long StartedAtMilliseconds;
        public int Awaited;
        public int Sent;
        public int Lost;
        public int NotSent;
    }
}
