using System.Runtime.CompilerServices;
using Sonde.Measurement.Statistics;
using Sonde.Samples;

namespace Sonde.Storage.Sql;

/// <content>Windows: many series, or the halves of one span, are read on two connections beside each other.</content>
internal sealed partial class SampleStore
{
    // What is read at a time before it is handed on: memory stays small whatever the number of series.
    private const int SeriesATime = 32;

    // Fewer windows of one series are not worth a second connection.
    private const int ManyWindows = 200;

    /// <inheritdoc/>
    public async IAsyncEnumerable<SeriesWindows> ReadWindowsAsync(
        WindowQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (stored, readers) = await UseAsync(
            session => (query.Series.Select(session.Series.Copy).ToList(), session.Readers), cancellationToken);
        var isOne = query.Series.Count == 1;
        var isShared = !database.IsRemote && (isOne ? query.Count >= ManyWindows : query.Series.Count > SeriesATime);
        var lanes = new List<WindowLane>();
        Task<List<StepWindows?>[]>? reading = null;
        try
        {
            foreach (var part in isShared && isOne ? Halves(query) : isShared ? [query, query] : [query])
            {
                lanes.Add(Explained(() => WindowLane.Open(readers, part, LogDamaged)));
            }
            var step = isOne ? 1 : SeriesATime * lanes.Count;
            for (var done = 0; done < stored.Count; done += step)
            {
                var read = await (reading ?? ReadAsync(done));
                reading = done + step < stored.Count ? ReadAsync(done + step) : null;   // while those are handed on
                foreach (var windows in isOne ? [Join(query, [.. read.Select(half => half[0])])]
                    : read.SelectMany(part => part).Select((one, place) => Of(query, done + place, one)))
                {
                    yield return windows;
                }
            }
            lanes.ForEach(lane => lane.IsDone = true);
        }
        finally
        {
            await ((Task?)reading ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            lanes.ForEach(lane => lane.Dispose());
        }

        Task<List<StepWindows?>[]> ReadAsync(int done) => Task.WhenAll(lanes.Select((lane, number) => Task.Run(
            () => Explained(() => lane.Read(Part(stored, done, isOne ? 0 : number), cancellationToken)),
            cancellationToken)));
    }

    private static IEnumerable<T> Part<T>(List<T> all, int done, int number) =>
        all.Skip(done + (number * SeriesATime)).Take(SeriesATime);

    private static WindowQuery[] Halves(WindowQuery query)
    {
        var first = query with { Count = query.Count / 2 };
        return [first, query with { FromMilliseconds = first.ToMilliseconds, Count = query.Count - first.Count }];
    }

    private static SeriesWindows Of(WindowQuery query, int place, StepWindows? windows) => new(
        query.Series[place], windows?.Windows ?? new Window?[query.Count], windows?.IsCoarse ?? false);

    private static SeriesWindows Join(WindowQuery query, IReadOnlyList<StepWindows?> parts) =>
        parts is [{ } first, { } second]
            ? new(query.Series[0], [.. first.Windows, .. second.Windows], first.IsCoarse || second.IsCoarse)
            : Of(query, 0, parts[0]);
}
