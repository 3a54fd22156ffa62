using System.Globalization;
using System.Runtime.InteropServices;
using Sonde.Samples;

namespace Sonde.Cli;

/// <summary>Prints a line for every round that ends: what a terminal shows of <c>sonde run</c>.</summary>
internal sealed class RoundLines(SeriesCatalog catalog, Func<SeriesKey, string> nameOf, TextWriter output) : ISampleSink
{
    /// <summary>Rounds that are gathered at most; one that never ends does not stay for ever.</summary>
    private const int MaxGathered = 100_000;

    private readonly Dictionary<(SeriesHandle, long), Gathered> _gathered = [];

    /// <inheritdoc/>
    public void Take(ReadOnlySpan<Sample> samples, ReadOnlySpan<Round> rounds)
    {
        if (_gathered.Count > MaxGathered)
        {
            _gathered.Clear();
        }
        foreach (ref readonly var sample in samples)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_gathered, (sample.Series, sample.Round), out _).Add(sample);
        }
        foreach (ref readonly var round in rounds)
        {
            _gathered.Remove((round.Series, round.Number), out var gathered);
            output.WriteLine(Line(round, gathered));
        }
        output.Flush();
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
        return gathered.Received == 0
            ? $"{head}  {loss}"
            : $"{head}  avg {Milliseconds(gathered.Mean)} ms  best {Milliseconds(gathered.Best)}  "
                + $"worst {Milliseconds(gathered.Worst)}  {loss}  dup {gathered.Duplicates}  jitter {gathered.Jitter}";
    }

    private static string Milliseconds(double microseconds) =>
        (microseconds / 1000).ToString("0.000", CultureInfo.InvariantCulture).PadLeft(9);

    /// <summary>
    /// What is known of a round's samples. They come in no order, so jitter is over neighbours by their index.
    /// </summary>
    private struct Gathered
    {
        private List<(int Index, long Value)>? _answered;

        public int Duplicates { get; private set; }

        public readonly int Received => _answered?.Count ?? 0;

        public readonly double Mean => _answered!.Average(sample => (double)sample.Value);

        public readonly long Best => _answered!.Min(sample => sample.Value);

        public readonly long Worst => _answered!.Max(sample => sample.Value);

        /// <summary>The mean absolute difference of neighbours, in words; a dash without a pair.</summary>
        public readonly string Jitter
        {
            get
            {
                var inOrder = _answered!.OrderBy(sample => sample.Index).ToList();
                var steps = inOrder.Zip(inOrder.Skip(1)).Where(pair => pair.Second.Index == pair.First.Index + 1)
                    .Select(pair => (double)Math.Abs(pair.Second.Value - pair.First.Value)).ToList();
                return steps.Count == 0 ? "–" : (steps.Average() / 1000).ToString("0.000", CultureInfo.InvariantCulture);
            }
        }

        public void Add(in Sample sample)
        {
            Duplicates += sample.Duplicates;
            if (!sample.IsLost)
            {
                (_answered ??= []).Add((sample.Index, sample.Value));
            }
        }
    }
}
