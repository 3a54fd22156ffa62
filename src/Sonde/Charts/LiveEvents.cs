using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Sonde.Samples;

namespace Sonde.Charts;

/// <summary>Writes live events in the words of the API.</summary>
/// <remarks>Each event is sent before the next is taken, so that a slow reader costs no memory here.</remarks>
internal sealed class LiveEvents(OverviewReader overview, SeriesCatalog catalog)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Writes until the reader leaves or the program stops.</summary>
    public async Task WriteAsync(HttpResponse response, LiveReaders readers, CancellationToken cancellationToken)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";   // nginx would hold events back
        var buffer = new ArrayBufferWriter<byte>(16 * 1024);
        var traces = new Dictionary<string, int>(StringComparer.Ordinal);
        try
        {
            buffer.Write("retry: 2000\n\n"u8);
            await SendAsync(response, buffer, cancellationToken);
            await foreach (var next in readers.ReadAsync(cancellationToken))
            {
                Write(buffer, next, readers.Position, traces);
                await SendAsync(response, buffer, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // the reader left: the ordinary end
        }
    }

    private void Write(ArrayBufferWriter<byte> buffer, LiveEvent next, long? position, Dictionary<string, int> traces)
    {
        if (position is { } id)
        {
            buffer.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {id}\n")));
        }
        buffer.Write(next switch
        {
            LiveEvent.Changed => "event: targets\ndata: "u8,
            LiveEvent.Sampled => "event: samples\ndata: "u8,
            _ => "event: reset\ndata: {}"u8,
        });
        using (var json = new Utf8JsonWriter(buffer))
        {
            switch (next)
            {
                case LiveEvent.Changed changed:
                    var rows = changed.Checks.Select(view => LiveRow.Of(OverviewEntry.Of(view), traces)).ToList();
                    JsonSerializer.Serialize(json, new LiveRows(rows, overview.Read().Totals), Json);
                    break;
                case LiveEvent.Sampled sampled:
                    WriteSamples(json, sampled);
                    break;
            }
        }
        buffer.Write("\n\n"u8);
    }

    private void WriteSamples(Utf8JsonWriter json, LiveEvent.Sampled sampled)
    {
        json.WriteStartArray();
        foreach (var sample in sampled.Samples)
        {
            json.WriteStartObject();
            json.WriteString("target", sampled.Check.Value);
            json.WriteNumber("family", catalog.KeyOf(sample.Series).Family);
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
        json.WriteEndArray();
    }

    private static async Task SendAsync(
        HttpResponse response, ArrayBufferWriter<byte> buffer, CancellationToken cancellationToken)
    {
        await response.Body.WriteAsync(buffer.WrittenMemory, cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
        buffer.ResetWrittenCount();
    }
}

/// <summary>Rows that changed, and how many targets are in each state.</summary>
internal sealed record LiveRows(IReadOnlyList<LiveRow> Rows, IReadOnlyDictionary<string, int> Totals);

/// <summary>What moves in a row: names and tags do not.</summary>
internal sealed record LiveRow(
    string Id, string State, DateTimeOffset? StateSince, double? UptimeRatio, string? Problem,
    DateTimeOffset? LastSentAt, double? LastRttMs, string? LastLoss, bool LastSuspect,
    double? MedianMs, double? P95Ms, double? LossRatio, double? JitterMs, IReadOnlyList<FamilyRow> Families,
    IReadOnlyList<TraceDrawing>? Traces)
{
    /// <summary>The moving part of an entry; its small lines only when they are not those sent before.</summary>
    /// <param name="entry">The target.</param>
    /// <param name="traces">What was sent before: a hash of each target's lines.</param>
    public static LiveRow Of(OverviewEntry entry, Dictionary<string, int> traces)
    {
        var row = entry.Row;
        var trace = entry.Traces.Aggregate(0, HashCode.Combine);
        var isNew = !traces.TryGetValue(row.Id, out var sent) || sent != trace;
        traces[row.Id] = trace;
        return new LiveRow(
            row.Id, row.State, row.StateSince, row.UptimeRatio, row.Problem,
            row.LastSentAt, row.LastRttMs, row.LastLoss, row.LastSuspect,
            row.MedianMs, row.P95Ms, row.LossRatio, row.JitterMs, row.Families, isNew ? entry.Traces : null);
    }
}
