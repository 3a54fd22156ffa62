using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net;
using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.Metrics;

/// <summary>Counts everything that is measured of the checks in force, from the start of the process on.</summary>
/// <remarks>The pipeline's thread calls <see cref="Take"/>; any thread the rest.</remarks>
internal sealed class TargetTotals(SeriesCatalog catalog) : ISampleSink
{
    private readonly ConcurrentDictionary<SeriesHandle, string> _addresses = new();
    private readonly Lock _reloading = new();
    private Board _board = new(FrozenDictionary<CheckId, CheckTotals>.Empty, []);
    private (Board? Board, SeriesTotals? Series)[] _bySeries = [];

    /// <summary>The checks in force, in the order of the configuration.</summary>
    public ImmutableArray<CheckTotals> Checks => Volatile.Read(ref _board).InOrder;

    /// <summary>
    /// Takes over the checks of a configuration. Those whose id stays go on counting; the others leave.
    /// </summary>
    public void SetChecks(IReadOnlyList<Check> checks, string vantagePoint)
    {
        lock (_reloading)
        {
            var before = _board;
            var inOrder = checks.Select(check => KeepOrMake(before, check, vantagePoint)).ToImmutableArray();
            var byId = checks.Zip(inOrder).ToFrozenDictionary(pair => pair.First.Id, pair => pair.Second);
            Volatile.Write(ref _board, new Board(byId, inOrder));
        }
    }

    /// <summary>Sets where the probes of a series go from now on.</summary>
    public void SetAddress(SeriesHandle series, IPAddress address) => _addresses[series] = address.ToString();

    /// <summary>Where the probes of a series go; null when it was never told.</summary>
    public string? AddressOf(SeriesHandle series) => _addresses.GetValueOrDefault(series);

    /// <inheritdoc/>
    public void Take(ReadOnlySpan<Sample> samples, ReadOnlySpan<Round> rounds)
    {
        var board = Volatile.Read(ref _board);
        while (!samples.IsEmpty)
        {
            var series = samples[0].Series;
            var run = 1;
            while (run < samples.Length && samples[run].Series == series)
            {
                run++;
            }
            Find(series, board)?.Add(samples[..run]);
            samples = samples[run..];
        }
        foreach (ref readonly var round in rounds)
        {
            Find(round.Series, board)?.Add(round);
        }
    }

    private static CheckTotals KeepOrMake(Board before, Check check, string vantagePoint)
    {
        if (before.ById.GetValueOrDefault(check.Id) is not { } known)
        {
            return new CheckTotals(check, vantagePoint);
        }
        known.Replace(check, vantagePoint);
        return known;
    }

    /// <summary>The series' totals; null when its check is not in force.</summary>
    private SeriesTotals? Find(SeriesHandle series, Board board)
    {
        if (series.Number >= _bySeries.Length)
        {
            Array.Resize(ref _bySeries, Math.Max(series.Number + 1, _bySeries.Length * 2));
        }
        ref var known = ref _bySeries[series.Number];
        if (known.Board != board)
        {
            var key = catalog.KeyOf(series);
            known = (board, board.ById.GetValueOrDefault(key.Check)?.FindOrAdd(series, key));
        }
        return known.Series;
    }

    private sealed record Board(FrozenDictionary<CheckId, CheckTotals> ById, ImmutableArray<CheckTotals> InOrder);
}
