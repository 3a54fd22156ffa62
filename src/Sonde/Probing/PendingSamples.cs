using Sonde.Measurement;
using Sonde.Samples;

namespace Sonde.Probing;

/// <summary>A probe that was begun and whose sample is not made yet.</summary>
internal struct PendingSample
{
    public CheckRun? Run;
    public SeriesHandle Series;
    public long Round;
    public ushort Index;
    public ushort Duplicates;

    /// <summary>Counts the uses of the place, so that a ticket of an earlier use is known as such.</summary>
    public uint Use;

    /// <summary>When the answer had come, boot-time nanoseconds.</summary>
    public long AnsweredAt;
    public ProbeResult Result;
}

/// <summary>
/// The probes under way, and the answered ones whose duplicates are still waited for. Places are used again, so that a
/// long run allocates nothing.
/// </summary>
internal sealed class PendingSamples
{
    /// <summary>
    /// How long a sample is held back after its answer, for duplicates of the answer to be counted in it: 250 ms.
    /// </summary>
    public const long Linger = 250_000_000;

    private readonly Stack<int> _free = new();
    private readonly Queue<(long DueAt, int Place)> _lingering = new();
    private PendingSample[] _places = new PendingSample[256];
    private int _used;

    /// <summary>When the first lingering sample is due; <see cref="long.MaxValue"/> = none.</summary>
    public long NextDue => _lingering.TryPeek(out var first) ? first.DueAt : long.MaxValue;

    /// <summary>Probes under way or lingering.</summary>
    public int Count => _used - _free.Count;

    /// <summary>Takes a place for a probe.</summary>
    /// <returns>The ticket that the probe's end is told with.</returns>
    public long Add(CheckRun run, long round, int index)
    {
        if (!_free.TryPop(out var place))
        {
            if (_used == _places.Length)
            {
                Array.Resize(ref _places, _places.Length * 2);
            }
            place = _used++;
        }
        ref var pending = ref _places[place];
        pending = new PendingSample
        {
            Run = run,
            Series = run.RoundSeries,
            Round = round,
            Index = (ushort)index,
            Use = pending.Use + 1,
        };
        return ((long)pending.Use << 32) | (uint)place;
    }

    /// <summary>True when the ticket's probe still has its place.</summary>
    public bool Holds(long ticket) =>
        _places[(int)ticket].Use == (uint)(ticket >> 32) && _places[(int)ticket].Run is not null;

    /// <summary>The place of a ticket.</summary>
    public ref PendingSample this[long ticket] => ref _places[(int)ticket];

    /// <summary>Holds an answered probe back until its duplicates have had their time.</summary>
    /// <remarks>
    /// Never longer from now on: after a step of the wall clock back, the answer of a connect that was under way lies
    /// in the future, and those behind it would wait for it.
    /// </remarks>
    public void HoldBack(long ticket, long answeredAt, long now) =>
        _lingering.Enqueue((Math.Min(answeredAt, now) + Linger, (int)ticket));

    /// <summary>The next sample that was held back long enough; null = none.</summary>
    public int? TakeDue(long now) =>
        _lingering.TryPeek(out var first) && first.DueAt <= now ? _lingering.Dequeue().Place : null;

    /// <summary>Frees a place.</summary>
    public void Remove(int place)
    {
        _places[place].Run = null;
        _free.Push(place);
    }
}
