using FsCheck;
using FsCheck.Fluent;
using Sonde.Measurement.Statistics;

namespace Sonde.Measurement.Tests.Statistics;

/// <summary>A series in columns: with or without gaps, missing indexes, losses, duplicates, suspect samples, negative
/// and extreme values.</summary>
public sealed class AnyColumns
{
    private readonly long[] _rounds;
    private readonly ushort[] _indexes;
    private readonly LossReason[] _losses;
    private readonly long[] _values;
    private readonly ushort[] _duplicates;
    private readonly bool[] _suspect;

    private AnyColumns(int seed, int count)
    {
        var random = new Random(seed);
        var (isSteady, isSmall, lossy) = (random.Next(2) == 0, random.Next(2) == 0, random.Next(3));
        (_rounds, _indexes, _values) = (new long[count], new ushort[count], new long[count]);
        (_losses, _duplicates, _suspect) = (new LossReason[count], new ushort[count], new bool[count]);
        var (round, index) = (random.NextInt64(1L << 40), 0);
        for (var i = 0; i < count; i++)
        {
            (_rounds[i], _indexes[i]) = (round, (ushort)index);
            var isSameRound = !isSteady && random.Next(2) == 0;
            (round, index) = isSameRound
                ? (round, index + 1 + random.Next(6) / 5)
                : (round + 1 + (isSteady ? 0 : random.Next(4) / 3), isSteady ? 0 : random.Next(4) / 3);
            _values[i] = isSmall
                ? random.Next(20_000, 20_500)
                : random.NextInt64(-Window.MaxValue, Window.MaxValue + 1) >> random.Next(48);
            if (random.Next(4) < lossy)
            {
                _losses[i] = random.Next(2) == 0 ? LossReason.Timeout : (LossReason)random.Next(1, 256);
            }
            _duplicates[i] = (ushort)(random.Next(9) == 0 ? random.Next(65_536) : 0);
            _suspect[i] = random.Next(9) == 0;
        }
    }

    /// <summary>Any such series of up to 600 samples.</summary>
    public static Arbitrary<AnyColumns> Arbitrary { get; } =
        (from seed in Gen.Choose(0, int.MaxValue)
         from count in Gen.Choose(0, 600)
         select new AnyColumns(seed, count)).ToArbitrary();

    /// <summary>How many samples.</summary>
    public int Count => _rounds.Length;

    /// <summary>The columns.</summary>
    public WindowColumns Columns => new()
    {
        Rounds = _rounds,
        Indexes = _indexes,
        Losses = _losses,
        Values = _values,
        Duplicates = _duplicates,
        Suspect = _suspect,
    };

    /// <summary>The window of all, added one by one.</summary>
    public Window AddOneByOne() => AddOneByOne(0, Count);

    /// <summary>The window of some, added one by one.</summary>
    public Window AddOneByOne(int from, int to)
    {
        var window = new Window();
        for (var i = from; i < to; i++)
        {
            window.Add(_rounds[i], _indexes[i], _losses[i], _values[i], _duplicates[i], _suspect[i]);
        }
        return window;
    }
}
