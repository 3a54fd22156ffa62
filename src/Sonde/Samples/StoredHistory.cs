namespace Sonde.Samples;

/// <summary>The last hour of a series as the store has it.</summary>
/// <param name="Handle">The series' number.</param>
/// <param name="Key">The series.</param>
/// <param name="History">Its samples.</param>
/// <param name="Rounds">Its rounds, made from the samples: what could not be sent is not stored.</param>
internal sealed record StoredHistory(
    SeriesHandle Handle, SeriesKey Key, SeriesHistory History, IReadOnlyList<Round> Rounds)
{
    /// <summary>An hour, and the minute under way.</summary>
    private const long SpanMilliseconds = 61 * SealedMinutes.MinuteMilliseconds;

    /// <summary>Reads the samples of rounds before <paramref name="firstRound"/>.</summary>
    public static async Task<StoredHistory> ReadAsync(
        ISampleStore store, SeriesHandle handle, SeriesKey key, long firstRound, long nowMilliseconds,
        CancellationToken cancellationToken)
    {
        var history = new SeriesHistory();
        var rounds = new List<Round>();
        var from = nowMilliseconds - SpanMilliseconds;
        await foreach (var batch in store.ReadAsync(key, from, long.MaxValue, cancellationToken))
        {
            Add(batch.Span, handle, firstRound, history, rounds);
            history.Seal(nowMilliseconds);
        }
        return new(handle, key, history, rounds);
    }

    private static void Add(
        ReadOnlySpan<Sample> batch, SeriesHandle handle, long firstRound, SeriesHistory history, List<Round> rounds)
    {
        foreach (ref readonly var stored in batch)
        {
            if (stored.Round >= firstRound)
            {
                return;   // in order: all others are of this run, too
            }
            var sample = stored with { Series = handle };
            history.TryAdd(sample);
            var lost = sample.IsLost ? 1 : 0;
            if (rounds.Count > 0 && rounds[^1].Number == sample.Round)
            {
                var round = rounds[^1];
                rounds[^1] = round with { Sent = round.Sent + 1, Lost = round.Lost + lost };
            }
            else
            {
                rounds.Add(new(handle, sample.Round, sample.SentAtMilliseconds, Sent: 1, lost, NotSent: 0));
            }
        }
    }
}
