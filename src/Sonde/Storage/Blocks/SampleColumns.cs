using System.Runtime.CompilerServices;
using Sonde.Measurement;
using Sonde.Measurement.Statistics;
using Sonde.Samples;

namespace Sonde.Storage.Blocks;

/// <summary>
/// The samples of a block column by column: an entry a sample. Keeps its memory for the next block; one caller at a
/// time.
/// </summary>
internal sealed class SampleColumns
{
    private long[] _rounds = [];
    private ushort[] _indexes = [];
    private long[] _times = [];
    private LossReason[] _losses = [];
    private long[] _values = [];
    private bool[] _suspect = [];
    private ushort[] _duplicates = [];
    private ushort[] _hopLimits = [];
    private long[] _numbers = [];
    private int[] _starts = [];

    /// <summary>How many samples.</summary>
    public int Count { get; private set; }

    /// <summary>The numbers of their rounds.</summary>
    public Span<long> Rounds => _rounds.AsSpan(0, Count);

    /// <summary>Their places in their rounds.</summary>
    public Span<ushort> Indexes => _indexes.AsSpan(0, Count);

    /// <summary>When they were sent, in milliseconds since 1970 UTC.</summary>
    public Span<long> Times => _times.AsSpan(0, Count);

    /// <summary>Why they were lost.</summary>
    public Span<LossReason> Losses => _losses.AsSpan(0, Count);

    /// <summary>Their values.</summary>
    public Span<long> Values => _values.AsSpan(0, Count);

    /// <summary>Whether they are suspect.</summary>
    public Span<bool> Suspect => _suspect.AsSpan(0, Count);

    /// <summary>How many further copies of their answers came.</summary>
    public Span<ushort> Duplicates => _duplicates.AsSpan(0, Count);

    /// <summary>The hop limits left in their answers plus one; 0 where unknown.</summary>
    public Span<ushort> HopLimits => _hopLimits.AsSpan(0, Count);

    /// <summary>Room for a number a sample, which packing and unpacking use.</summary>
    public Span<long> Numbers => _numbers.AsSpan(0, Count);

    /// <summary>Room for the places where the rounds begin.</summary>
    public Span<int> Starts => _starts.AsSpan(0, Count);

    /// <summary>Makes room for 1 to <see cref="BlockCodec.MaxCount"/> samples; what stands there may be
    /// anything.</summary>
    public void SetCount(int count)
    {
        if (count > _rounds.Length)
        {
            _rounds = new long[count];
            _indexes = new ushort[count];
            _times = new long[count];
            _losses = new LossReason[count];
            _values = new long[count];
            _suspect = new bool[count];
            _duplicates = new ushort[count];
            _hopLimits = new ushort[count];
            _numbers = new long[count];
            _starts = new int[count];
        }
        Count = count;
    }

    /// <summary>Takes the samples over.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void CopyFrom(ReadOnlySpan<Sample> samples)
    {
        SetCount(samples.Length);
        var count = samples.Length;   // the same length for all: no bounds are checked below
        var rounds = _rounds.AsSpan(0, count);
        var indexes = _indexes.AsSpan(0, count);
        var times = _times.AsSpan(0, count);
        var losses = _losses.AsSpan(0, count);
        var values = _values.AsSpan(0, count);
        var suspect = _suspect.AsSpan(0, count);
        var duplicates = _duplicates.AsSpan(0, count);
        var hopLimits = _hopLimits.AsSpan(0, count);
        for (var i = 0; i < count; i++)
        {
            ref readonly var sample = ref samples[i];
            rounds[i] = sample.Round;
            indexes[i] = sample.Index;
            times[i] = sample.SentAtMilliseconds;
            losses[i] = sample.Loss;
            values[i] = sample.Value;
            suspect[i] = sample.IsSuspect;
            duplicates[i] = sample.Duplicates;
            hopLimits[i] = (ushort)(sample.TimeToLive is { } hops ? hops + 1 : 0);
        }
    }

    /// <summary>Gives the samples as samples of a series.</summary>
    /// <param name="series">Their series.</param>
    /// <param name="samples">Where they go: <see cref="Count"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void CopyTo(SeriesHandle series, Span<Sample> samples)
    {
        var count = Count;
        var rounds = _rounds.AsSpan(0, count);
        var indexes = _indexes.AsSpan(0, count);
        var times = _times.AsSpan(0, count);
        var losses = _losses.AsSpan(0, count);
        var values = _values.AsSpan(0, count);
        var suspect = _suspect.AsSpan(0, count);
        var duplicates = _duplicates.AsSpan(0, count);
        var hopLimits = _hopLimits.AsSpan(0, count);
        samples = samples[..count];
        for (var i = 0; i < count; i++)
        {
            samples[i] = new Sample
            {
                Series = series,
                Round = rounds[i],
                Index = indexes[i],
                SentAtMilliseconds = times[i],
                Loss = losses[i],
                Value = values[i],
                IsSuspect = suspect[i],
                Duplicates = duplicates[i],
                TimeToLive = hopLimits[i] == 0 ? null : (byte)(hopLimits[i] - 1),
            };
        }
    }

    /// <summary>The columns that a window is made of.</summary>
    public WindowColumns ForWindow => new()
    {
        Rounds = Rounds,
        Indexes = Indexes,
        Losses = Losses,
        Values = Values,
        Duplicates = Duplicates,
        Suspect = Suspect,
    };
}
