using System.Collections.Frozen;
using System.Collections.Immutable;
using Sonde.Measurement.Statistics;
using Sonde.Targets;

namespace Sonde.Samples;

/// <summary>All checks that are measured now: their windows, states and uptime over the last hour.</summary>
/// <remarks>The pipeline's thread calls <see cref="Take"/>; any thread the rest. Views are copies that nobody
/// changes.</remarks>
internal sealed class LiveChecks : ISampleSink
{
    private readonly SeriesCatalog _catalog;
    private readonly TimeProvider _time;
    private readonly Lock _reloading = new();
    private readonly StateChangeQueue _changes = new();
    private Board _board = Board.Empty;
    private (Board Board, LiveCheck? Check)[] _bySeries = [];
    private readonly ChangeStamps _stamps;
    private long _tooLate;

    /// <summary>A board without checks.</summary>
    public LiveChecks(SeriesCatalog catalog, TimeProvider time)
    {
        _catalog = catalog;
        _time = time;
        _stamps = new ChangeStamps(NowMilliseconds);
        BoardStamp = _stamps.Latest;
    }

    /// <summary>Told of each change of state, in order, by the thread that saw it; must neither wait nor
    /// throw.</summary>
    public event Action<StateChange>? StateChanged
    {
        add => _changes.Told += value;
        remove => _changes.Told -= value;
    }

    /// <summary>Numbers the changes of everything here.</summary>
    public ChangeStamps Stamps => _stamps;

    /// <summary>The stamp when checks last came or went.</summary>
    public long BoardStamp { get; private set => Volatile.Write(ref field, value); }

    /// <summary>Samples that came over five minutes after their neighbours, so that no window has them.</summary>
    public long TooLate => Volatile.Read(ref _tooLate);

    private long NowMilliseconds => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Takes over the checks of a configuration, in its order. Those whose id stays keep all that is known
    /// of them.</summary>
    public void SetChecks(IReadOnlyList<Check> checks)
    {
        lock (_reloading)
        {
            var before = _board;
            var inOrder = checks.Select(check => KeepOrMake(before, check)).ToImmutableArray();
            var byId = checks.Zip(inOrder).ToFrozenDictionary(pair => pair.First.Id, pair => pair.Second);
            Volatile.Write(ref _board, new Board(byId, inOrder));
            BoardStamp = _stamps.Next();
        }
    }

    /// <summary>Sets why a check cannot be sent, in words; null = it can.</summary>
    public void SetProblem(CheckId check, string? problem)
    {
        if (_board.ById.TryGetValue(check, out var live))
        {
            live.SetProblem(problem, NowMilliseconds);
            _changes.Tell();
        }
    }

    /// <summary>Sets why a check's last lost probe was lost, in words.</summary>
    public void SetLastLoss(CheckId check, ToldLoss loss) => _board.ById.GetValueOrDefault(check)?.SetLastLoss(loss);

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
            if (CheckOf(series, board) is { } check)
            {
                _tooLate += check.Add(series, _catalog.KeyOf(series), samples[..run]);
            }
            samples = samples[run..];
        }
        var now = NowMilliseconds;
        foreach (ref readonly var round in rounds)
        {
            if (CheckOf(round.Series, board) is { } check)
            {
                check.Add(round, _catalog.KeyOf(round.Series), now);
            }
        }
        _changes.Tell();
    }

    /// <summary>Looks whether the passing of time has changed states, and packs what has become old. Call it every
    /// second.</summary>
    public void Tick()
    {
        var now = NowMilliseconds;
        foreach (var check in Volatile.Read(ref _board).InOrder)
        {
            check.Tick(now);
        }
        _changes.Tell();
    }

    /// <summary>All checks, in the order of the configuration.</summary>
    public IEnumerable<Check> Checks => Volatile.Read(ref _board).InOrder.Select(live => live.Check);

    /// <summary>The check of this id; null when there is none.</summary>
    public Check? FindCheck(CheckId check) => Volatile.Read(ref _board).ById.GetValueOrDefault(check)?.Check;

    /// <summary>All checks as they stand at a moment, in the order of the configuration.</summary>
    public IReadOnlyList<CheckView> All(long nowMilliseconds) =>
        Array.ConvertAll([.. Volatile.Read(ref _board).InOrder], check => check.ViewAt(nowMilliseconds));

    /// <summary>A check as it stands at a moment; null when there is none of this id.</summary>
    public CheckView? Find(CheckId check, long nowMilliseconds) =>
        Volatile.Read(ref _board).ById.TryGetValue(check, out var live) ? live.ViewAt(nowMilliseconds) : null;

    /// <summary>The state of a check at a moment; unknown when there is none of this id.</summary>
    public CheckState StateOf(CheckId check, long nowMilliseconds) =>
        Volatile.Read(ref _board).ById.GetValueOrDefault(check)?.StateAt(nowMilliseconds) ?? CheckState.Unknown;

    /// <summary>The last five minutes of a series at a moment; null when it is not shown live.</summary>
    public Window? FiveMinutesOf(CheckId check, SeriesHandle series, long nowMilliseconds) =>
        Volatile.Read(ref _board).ById.GetValueOrDefault(check)?.FiveMinutesOf(series, nowMilliseconds);

    /// <summary>Those that have changed after the stamp, as they stand at a moment, in the order of the
    /// configuration.</summary>
    public ImmutableArray<CheckView> ChangedSince(long stamp, long nowMilliseconds)
    {
        var changed = Volatile.Read(ref _board).InOrder.Where(check => check.ChangedAt > stamp);
        return [.. changed.Select(check => check.ViewAt(nowMilliseconds))];
    }

    /// <summary>Fills the last hour from the store after a start. Samples may arrive meanwhile.</summary>
    /// <param name="store">Where the samples of earlier runs are.</param>
    /// <param name="firstRound">The first round of this run: what the store has from it on arrives by
    /// <see cref="Take"/>.</param>
    /// <param name="cancellationToken">Ends the filling early.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be read; what was filled until then
    /// stays.</exception>
    public async Task LoadAsync(ISampleStore store, long firstRound, CancellationToken cancellationToken)
    {
        var keys = await store.ListSeriesAsync(cancellationToken);
        foreach (var ofCheck in keys.Where(key => key.Quantity.Unit == Quantity.Microseconds).GroupBy(key => key.Check))
        {
            if (!Volatile.Read(ref _board).ById.TryGetValue(ofCheck.Key, out var check))
            {
                continue;
            }
            var now = NowMilliseconds;
            var stored = new List<StoredHistory>();
            foreach (var key in ofCheck)
            {
                var handle = _catalog.GetOrAdd(key);
                stored.Add(await StoredHistory.ReadAsync(store, handle, key, firstRound, now, cancellationToken));
            }
            check.Prepend(stored, now);
            _changes.Tell();
        }
    }

    private LiveCheck KeepOrMake(Board before, Check check)
    {
        var live = before.ById.GetValueOrDefault(check.Id) ?? new LiveCheck(check, _stamps, _changes);
        live.Replace(check);
        return live;
    }

    /// <summary>The check that a series belongs to; null when it is not shown live. Only the pipeline's thread may
    /// ask.</summary>
    private LiveCheck? CheckOf(SeriesHandle series, Board board)
    {
        if (series.Number >= _bySeries.Length)
        {
            Array.Resize(ref _bySeries, Math.Max(series.Number + 1, _bySeries.Length * 2));
        }
        ref var known = ref _bySeries[series.Number];
        if (known.Board != board)
        {
            var key = _catalog.KeyOf(series);
            known = (board, board.ById.GetValueOrDefault(key.Check));
        }
        return known.Check;
    }

    private sealed record Board(FrozenDictionary<CheckId, LiveCheck> ById, ImmutableArray<LiveCheck> InOrder)
    {
        public static readonly Board Empty = new(FrozenDictionary<CheckId, LiveCheck>.Empty, []);
    }
}
