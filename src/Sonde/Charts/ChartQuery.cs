using Sonde.Marks;
using Sonde.Samples;

namespace Sonde.Charts;

/// <summary>Reads what a chart draws from the store.</summary>
internal sealed class ChartQuery(ISampleStore samples, IMarkStore marks)
{
    /// <summary>The most samples of one series in one answer.</summary>
    public const int MostSamples = 20_000;

    private const int MostMarks = 200;

    /// <summary>
    /// The samples of a quantity of a check, and the check's marks, from (inclusive) to (exclusive).
    /// </summary>
    /// <param name="subject">The check.</param>
    /// <param name="quantity">One of <see cref="ChartSubject.Quantities"/>.</param>
    /// <param name="from">The beginning.</param>
    /// <param name="to">The end.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    public async Task<ChartSamples> ReadAsync(
        ChartSubject subject, string quantity, DateTimeOffset from, DateTimeOffset to,
        CancellationToken cancellationToken)
    {
        var (start, end) = (from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds());
        var series = new List<SampleColumns>();
        var isTruncated = false;
        foreach (var key in subject.Series.Where(key => key.Quantity.Name == quantity))
        {
            var newest = new Queue<Sample>();
            await foreach (var batch in samples.ReadAsync(key, start, end, cancellationToken))
            {
                isTruncated |= Keep(newest, batch.Span);
            }
            if (newest.Count > 0)
            {
                series.Add(ToColumns(key.Family, newest));
            }
        }
        var found = await marks.ReadMarksAsync(start, end, cancellationToken);
        return new ChartSamples(
            subject.Check.Value, quantity, from, to, subject.Interval?.TotalSeconds, isTruncated, series,
            [.. found.Where(mark => mark.Check is not { } check || check == subject.Check).TakeLast(MostMarks)
                .Select(ToView)]);
    }

    private static bool Keep(Queue<Sample> newest, ReadOnlySpan<Sample> batch)
    {
        var isFull = false;
        foreach (ref readonly var sample in batch)
        {
            newest.Enqueue(sample);
            if (newest.Count > MostSamples)
            {
                newest.Dequeue();
                isFull = true;
            }
        }
        return isFull;
    }

    /// <summary>The store reads in the order of rounds; a clock that was stepped back makes this differ from the order
    /// of time.</summary>
    private static SampleColumns ToColumns(int family, IEnumerable<Sample> samples)
    {
        var sorted = samples.OrderBy(sample => sample.SentAtMilliseconds).ToList();
        return new SampleColumns(
            family,
            sorted.ConvertAll(sample => sample.Round),
            sorted.ConvertAll(sample => (int)sample.Index),
            sorted.ConvertAll(sample => sample.SentAtMilliseconds),
            sorted.ConvertAll(sample => sample.IsLost ? (double?)null : TargetViews.Milliseconds(sample.Value)),
            sorted.ConvertAll(sample => sample.IsLost ? sample.Loss.ToWord() : null),
            sorted.ConvertAll(sample => sample.IsSuspect));
    }

    private static MarkView ToView(Mark mark) => new(mark.AtMilliseconds, WordOf(mark.Kind), mark.Text);

    private static string WordOf(MarkKind kind) => kind.ToString() is { Length: > 0 } name
        ? char.ToLowerInvariant(name[0]) + name[1..]
        : "mark";
}
