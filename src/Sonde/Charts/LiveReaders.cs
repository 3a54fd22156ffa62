using System.Runtime.CompilerServices;
using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.Charts;

/// <summary>The readers of one connection as one: that of all checks, those of single checks, or both.</summary>
/// <remarks>
/// Nothing is read ahead of who takes the events: what waits, waits in the readers, which drop their oldest. The ids of
/// several readers interleave; <see cref="Position"/> is the one after which nothing is missed.
/// </remarks>
internal sealed class LiveReaders : IDisposable
{
    private readonly List<LiveReader> _readers = [];
    private readonly long?[] _positions;

    private LiveReaders(int count, long? after)
    {
        _positions = new long?[count];
        Array.Fill(_positions, after);
    }

    /// <summary>The id after which to resume; null when some reader has had nothing yet, and nobody knows.</summary>
    public long? Position => Array.Exists(_positions, position => position is null) ? null : _positions.Min();

    /// <summary>Joins the stream.</summary>
    /// <param name="stream">The live stream.</param>
    /// <param name="checks">Whose samples to hear.</param>
    /// <param name="ofAll">True to hear the changes of all checks.</param>
    /// <param name="after">The last event that was seen before the connection broke; null = none.</param>
    /// <returns>Null when there are too many readers.</returns>
    public static LiveReaders? TryJoin(LiveStream stream, IReadOnlyList<CheckId> checks, bool ofAll, long? after)
    {
        var joined = new LiveReaders(checks.Count + (ofAll ? 1 : 0), after);
        var wanted = checks.Select(check => stream.TryFollow(check, after));
        foreach (var reader in ofAll ? wanted.Append(stream.TryFollowAll(after)) : wanted)
        {
            if (reader is null)
            {
                joined.Dispose();
                return null;
            }
            joined._readers.Add(reader);
        }
        return joined;
    }

    /// <summary>The events of all readers, each reader's in its order, until cancelled.</summary>
    public async IAsyncEnumerable<LiveEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var events = _readers.ConvertAll(reader =>
            reader.ReadAsync(cancellationToken).GetAsyncEnumerator(cancellationToken));
        var moves = events.ConvertAll(one => one.MoveNextAsync().AsTask());
        try
        {
            while (moves.Count > 0)
            {
                var place = moves.IndexOf(await Task.WhenAny(moves));
                if (!await moves[place])
                {
                    yield break;
                }
                _positions[place] = events[place].Current.Id;
                yield return events[place].Current;
                moves[place] = events[place].MoveNextAsync().AsTask();
            }
        }
        finally
        {
            Dispose();   // ends the moves that are under way: an enumerator must not be disposed before
            await Task.WhenAll(moves.Cast<Task>()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var one in events)
            {
                await one.DisposeAsync();
            }
        }
    }

    /// <summary>Leaves the stream.</summary>
    public void Dispose() => _readers.ForEach(reader => reader.Dispose());
}
