using System.Globalization;
using System.Runtime.InteropServices;
using Sonde.Measurement;
using Sonde.Samples;

namespace Sonde.Cli;

/// <summary>Makes a line of every round that ends: what a terminal shows of <c>sonde run</c>.</summary>
/// <param name="catalog">Tells which series a number is.</param>
/// <param name="nameOf">The name of a series for people.</param>
/// <param name="write">Takes a line; must not wait.</param>
internal sealed class RoundLines(SeriesCatalog catalog, Func<SeriesKey, string> nameOf, Action<string> write)
    : ISampleSink
{
    /// <summary>
    /// A round whose latest sample is older than this has ended untold, because its check is gone: 5 min. The longest
    /// round takes 100 probes a second apart and a timeout of 60 s.
    /// </summary>
    private const long LongestRoundMilliseconds = 300_000;

    private const int FirstSweepAt = 1_024;

    private readonly Dictionary<(SeriesHandle, long), Gathered> _gathered = [];
    private int _sweepAt = FirstSweepAt;

    /// <summary>Rounds whose end is waited for.</summary>
    public int Waiting => _gathered.Count;

    /// <inheritdoc/>
    public void Take(ReadOnlySpan<Sample> samples, ReadOnlySpan<Round> rounds)
    {
        foreach (ref readonly var sample in samples)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_gathered, (sample.Series, sample.Round), out _).Add(sample);
        }
        foreach (ref readonly var round in rounds)
        {
            _gathered.Remove((round.Series, round.Number), out var gathered);
            write(Line(round, gathered));
        }
        if (_gathered.Count > _sweepAt)
        {
            Sweep();
        }
    }

    /// <summary>Forgets rounds that will never end, so that reloads do not fill the memory.</summary>
    private void Sweep()
    {
        var newest = _gathered.Values.Max(gathered => gathered.LatestMilliseconds);
        foreach (var (round, gathered) in _gathered)
        {
            if (gathered.LatestMilliseconds < newest - LongestRoundMilliseconds)
            {
                _gathered.Remove(round);
            }
        }
        _sweepAt = Math.Max(FirstSweepAt, _gathered.Count * 2);
    }

    private string Line(in Round round, in Gathered gathered)
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(round.StartedAtMilliseconds).ToLocalTime();
        var key = catalog.KeyOf(round.Series);
        var name = nameOf(key);
        var head = string.Create(CultureInfo.InvariantCulture, $"{at:HH:mm:ss}  {name,-28}");
        if (!round.IsMeasured)
        {
            return $"{head}  not sent";
        }
        var loss = string.Create(CultureInfo.InvariantCulture, $"loss {100.0 * round.Lost / round.Sent,3:0} %");
        var why = round.Lost > 0 ? $"  {gathered.LossMeanings}" : "";
        return gathered.Received == 0
            ? $"{head}  {loss}{why}"
            : $"{head}  avg {Milliseconds(gathered.Mean)} ms  best {Milliseconds(gathered.Best)}  "
                + $"worst {Milliseconds(gathered.Worst)}  {loss}  dup {gathered.Duplicates}  "
                + $"jitter {gathered.Jitter}{why}";
    }

    private static string Milliseconds(double microseconds) => InMilliseconds(microseconds).PadLeft(9);

    private static string InMilliseconds(double microseconds) =>
        (microseconds / 1000).ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>
    /// What is known of a round's samples. They come in no order, so jitter is over neighbours by their index.
    /// </summary>
    private struct Gathered
    {
        private List<(int Index, long Value)>? _answered;
        private List<LossReason>? _reasons;

        public int Duplicates { get; private set; }

        /// <summary>When the latest of its samples was sent: milliseconds since 1970 UTC.</summary>
        public long LatestMilliseconds { get; private set; }

        public readonly int Received => _answered?.Count ?? 0;

        public readonly double Mean => _answered!.Average(sample => (double)sample.Value);

        public readonly long Best => _answered!.Min(sample => sample.Value);

        public readonly long Worst => _answered!.Max(sample => sample.Value);

        /// <summary>Why its samples were lost, each reason once.</summary>
        public readonly string LossMeanings =>
            string.Join(", ", (_reasons ?? []).Select(reason => reason.ToMeaning()));

        /// <summary>The mean absolute difference of neighbours, in words; a dash without a pair.</summary>
        public readonly string Jitter
        {
            get
            {
                var inOrder = _answered!.OrderBy(sample => sample.Index).ToList();
                var steps = inOrder.Zip(inOrder.Skip(1)).Where(pair => pair.Second.Index == pair.First.Index + 1)
                    .Select(pair => (double)Math.Abs(pair.Second.Value - pair.First.Value)).ToList();
                return steps.Count == 0 ? "–" : InMilliseconds(steps.Average());
            }
        }

        public void Add(in Sample sample)
        {
            Duplicates += sample.Duplicates;
            LatestMilliseconds = Math.Max(LatestMilliseconds, sample.SentAtMilliseconds);
            if (!sample.IsLost)
            {
                (_answered ??= []).Add((sample.Index, sample.Value));
            }
            else if (_reasons?.Contains(sample.Loss) != true)
            {
                (_reasons ??= []).Add(sample.Loss);
            }
        }
    }
}
