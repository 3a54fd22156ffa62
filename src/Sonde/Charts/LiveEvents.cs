using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Sonde.Samples;

namespace Sonde.Charts;

/// <summary>What a live reader asked for.</summary>
/// <param name="Targets">Whose samples; empty = all.</param>
/// <param name="WithSamples">False to leave samples out.</param>
/// <param name="WithAllRows">True for the rows of all targets, whatever <paramref name="Targets"/> says.</param>
/// <param name="After">The last event's id that it has seen; null = from now on.</param>
internal sealed record LiveWish(IReadOnlySet<string> Targets, bool WithSamples, bool WithAllRows, long? After);

/// <summary>Writes the events of one live reader.</summary>
/// <remarks>
/// Nothing is read ahead: while the reader's buffers are full, samples wait in the live stream (which drops its oldest) and rows are
/// taken only when they can be sent. So a slow reader costs no memory and holds nobody back.
/// </remarks>
internal sealed class LiveEvents(
    HttpResponse response, LiveWish wish, OverviewReader overview, ILiveSamples live, SeriesCatalog catalog, TimeProvider time)
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private readonly ArrayBufferWriter<byte> _event = new(16 * 1024);
    private readonly Dictionary<string, OverviewEntry> _sent = new(StringComparer.Ordinal);
    private long _sentOverview = -1;

    /// <summary>Writes until the reader leaves or the program stops.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";   // nginx would hold events back
        try
        {
            await WriteEventsAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // the reader left: the ordinary end
        }
    }

    private async Task WriteEventsAsync(CancellationToken cancellationToken)
    {
        await SendAsync("retry: 2000\n\n"u8.ToArray(), cancellationToken);
        await SendRowsAsync(cancellationToken);
        var batches = live.ReadAsync(wish.After, cancellationToken).GetAsyncEnumerator(cancellationToken);
        using var timer = new PeriodicTimer(Tick, time);
        var tick = timer.WaitForNextTickAsync(cancellationToken).AsTask();
        var batch = wish.WithSamples ? batches.MoveNextAsync().AsTask() : null;
        try
        {
            while (true)
            {
                await Task.WhenAny(tick, batch ?? tick);
                if (batch is { IsCompleted: true })
                {
                    if (!await batch)
                    {
                        return;
                    }
                    await SendSamplesAsync(batches.Current, cancellationToken);
                    batch = batches.MoveNextAsync().AsTask();
                }
                if (tick.IsCompleted)
                {
                    await tick;
                    await SendRowsAsync(cancellationToken);
                    tick = timer.WaitForNextTickAsync(cancellationToken).AsTask();
                }
            }
        }
        finally
        {
            await EndAsync(batches, batch);
        }
    }

    /// <summary>An enumerator must not be disposed while a move is under way; the token that ended us ends the move, too.</summary>
    private static async Task EndAsync(IAsyncEnumerator<LiveBatch> batches, Task<bool>? move)
    {
        await ((Task?)move ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await batches.DisposeAsync();
    }

    private async Task SendSamplesAsync(LiveBatch batch, CancellationToken cancellationToken)
    {
        if (batch.IsReset)
        {
            await SendAsync(Encoding.UTF8.GetBytes($"event: reset\nid: {Text(batch.Id)}\ndata: {{}}\n\n"), cancellationToken);
        }
        _event.ResetWrittenCount();
        _event.Write(Encoding.UTF8.GetBytes($"event: samples\nid: {Text(batch.Id)}\ndata: "));
        if (WriteSamples(batch.Samples.Span) > 0)
        {
            _event.Write("\n\n"u8);
            await SendAsync(_event.WrittenMemory, cancellationToken);
        }
    }

    private int WriteSamples(ReadOnlySpan<Sample> samples)
    {
        var written = 0;
        using var json = new Utf8JsonWriter(_event);
        json.WriteStartArray();
        foreach (ref readonly var sample in samples)
        {
            var key = catalog.KeyOf(sample.Series);
            if (wish.Targets.Count > 0 && !wish.Targets.Contains(key.Check.Value))
            {
                continue;
            }
            Write(json, key, sample);
            written++;
        }
        json.WriteEndArray();
        return written;
    }

    private static void Write(Utf8JsonWriter json, SeriesKey key, in Sample sample)
    {
        json.WriteStartObject();
        json.WriteString("target", key.Check.Value);
        json.WriteNumber("family", key.Family);
        json.WriteNumber("round", sample.Round);
        json.WriteNumber("index", sample.Index);
        json.WriteNumber("sentAtMs", sample.SentAtMilliseconds);
        if (sample.IsLost)
        {
            json.WriteNull("rttMs");
            json.WriteString("loss", sample.Loss.ToWord());
        }
        else
        {
            json.WriteNumber("rttMs", TargetViews.Milliseconds(sample.Value));
            json.WriteNull("loss");
        }
        json.WriteBoolean("suspect", sample.IsSuspect);
        json.WriteNumber("duplicates", sample.Duplicates);
        json.WriteEndObject();
    }

    /// <summary>Sends the rows that changed since the last time; a comment when none did, so that a dead connection is noticed.</summary>
    private async Task SendRowsAsync(CancellationToken cancellationToken)
    {
        var now = overview.Read();
        var changed = now.Number == _sentOverview ? [] : FindChanges(now);
        _sentOverview = now.Number;
        if (changed.Count == 0)
        {
            await SendAsync(":\n\n"u8.ToArray(), cancellationToken);
            return;
        }
        _event.ResetWrittenCount();
        _event.Write("event: targets\ndata: "u8);
        using (var json = new Utf8JsonWriter(_event))
        {
            JsonSerializer.Serialize(json, changed, Json);
        }
        _event.Write("\n\n"u8);
        await SendAsync(_event.WrittenMemory, cancellationToken);
    }

    private List<LiveRow> FindChanges(Overview now)
    {
        var changed = new List<LiveRow>();
        foreach (var entry in now.Entries)
        {
            var id = entry.Row.Id;
            if (wish.Targets.Count > 0 && !wish.WithAllRows && !wish.Targets.Contains(id))
            {
                continue;
            }
            var known = _sent.GetValueOrDefault(id);
            if (known is null || known != entry)
            {
                changed.Add(LiveRow.Of(entry, withTrace: known?.Trace != entry.Trace));
                _sent[id] = entry;
            }
        }
        return changed;
    }

    private async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await response.Body.WriteAsync(bytes, cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What moves in a row: names and tags do not.</summary>
internal sealed record LiveRow(
    string Id, string State, DateTimeOffset? StateSince, double? UptimeRatio, string? Problem, DateTimeOffset? LastSentAt, double? LastRttMs,
    string? LastLoss, bool LastSuspect, double? MedianMs, double? P95Ms, double? LossRatio, double? JitterMs, TraceDrawing? Trace)
{
    /// <summary>The moving part of an entry; the small line only when it changed.</summary>
    public static LiveRow Of(OverviewEntry entry, bool withTrace)
    {
        var row = entry.Row;
        return new LiveRow(
            row.Id, row.State, row.StateSince, row.UptimeRatio, row.Problem, row.LastSentAt, row.LastRttMs, row.LastLoss, row.LastSuspect,
            row.MedianMs, row.P95Ms, row.LossRatio, row.JitterMs, withTrace ? entry.Trace : null);
    }
}
