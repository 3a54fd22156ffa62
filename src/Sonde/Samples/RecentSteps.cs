using System.Collections.Immutable;

namespace Sonde.Samples;

/// <summary>The last five minutes of a series in steps of five seconds: for its state and its sparkline. One caller
/// at a time.</summary>
/// <remarks>A slot belongs to the step that wrote it last, so gaps and steps of the wall clock need no care.</remarks>
internal sealed class RecentSteps
{
    /// <summary>Milliseconds in a step: a sixtieth of five minutes.</summary>
    public const long StepMilliseconds = 5_000;

    /// <summary>Steps in five minutes.</summary>
    public const int Count = 60;

    private readonly Slot[] _slots = new Slot[Count + 4];   // some more, so that a late sample never meets a newer step

    /// <summary>Counts a new sample.</summary>
    public void Add(in Sample sample)
    {
        var step = StepOf(sample.SentAtMilliseconds);
        ref var slot = ref SlotOf(step);
        if (slot.Step != step)
        {
            slot = new Slot { Step = step };
        }
        if (slot.Sent == ushort.MaxValue)
        {
            return;   // 13,000 samples a second: more than any check makes
        }
        slot.Sent++;
        if (sample.IsLost)
        {
            slot.Lost++;
        }
        else
        {
            slot.Maximum = Math.Max(slot.Maximum, (uint)Math.Min(sample.Value, uint.MaxValue));
            slot.Suspect += (ushort)(sample.IsSuspect ? 1 : 0);
        }
    }

    /// <summary>Adds all of another, which holds other samples of the same series.</summary>
    public void Append(RecentSteps later)
    {
        foreach (ref readonly var other in later._slots.AsSpan())
        {
            ref var slot = ref SlotOf(other.Step);
            if (slot.Step == other.Step)
            {
                slot.Sent = (ushort)Math.Min(slot.Sent + other.Sent, ushort.MaxValue);
                slot.Lost = (ushort)Math.Min(slot.Lost + other.Lost, slot.Sent);
                slot.Suspect = (ushort)Math.Min(slot.Suspect + other.Suspect, slot.Sent - slot.Lost);
                slot.Maximum = Math.Max(slot.Maximum, other.Maximum);
            }
            else if (other.Sent > 0)
            {
                slot = other;
            }
        }
    }

    /// <summary>What was sent and lost in the five minutes that end with the step under way.</summary>
    public (int Sent, int Lost) Total(long nowMilliseconds)
    {
        var newest = StepOf(nowMilliseconds);
        var total = (Sent: 0, Lost: 0);
        foreach (ref readonly var slot in _slots.AsSpan())
        {
            if (slot.Step <= newest && slot.Step > newest - Count)
            {
                total = (total.Sent + slot.Sent, total.Lost + slot.Lost);
            }
        }
        return total;
    }

    /// <summary>The same five minutes as points, oldest first.</summary>
    public ImmutableArray<SparklinePoint> ToPoints(long nowMilliseconds)
    {
        var newest = StepOf(nowMilliseconds);
        var points = ImmutableArray.CreateBuilder<SparklinePoint>(Count);
        for (var step = newest - Count + 1; step <= newest; step++)
        {
            var slot = SlotOf(step);
            points.Add(slot.Step != step ? default : slot.ToPoint());
        }
        return points.MoveToImmutable();
    }

    private static int StepOf(long milliseconds) => (int)Math.Floor((double)milliseconds / StepMilliseconds);

    private ref Slot SlotOf(int step) => ref _slots[(int)((uint)step % (uint)_slots.Length)];

    private struct Slot
    {
        public int Step;
        public uint Maximum;
        public ushort Sent;
        public ushort Lost;
        public ushort Suspect;

        public readonly SparklinePoint ToPoint()
        {
            var answered = Sent - Lost;
            return new(answered > 0 ? Maximum : null, Lost > 0, IsSuspect: answered > 0 && Suspect == answered);
        }
    }
}
