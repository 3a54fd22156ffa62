using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Sonde.Charts.Queries;

/// <summary>A JSON answer that is sent while it is written, so that a large one needs little memory.</summary>
internal sealed class JsonAnswer(HttpResponse response) : IDisposable
{
    /// <summary>How much is gathered before it is sent on.</summary>
    private const int PieceBytes = 64 * 1024;

    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
        SkipValidation = true,
    };

    private Utf8JsonWriter? _json;

    /// <summary>True once something was written: too late for another answer.</summary>
    public bool HasBegun => _json is not null;

    /// <summary>Where to write.</summary>
    public Utf8JsonWriter Json => _json ??= Begin();

    /// <summary>Memory for one array at a time.</summary>
    public NumberArray Numbers { get; } = new();

    /// <summary>Sends what was written when that is much; waits while the reader is slow.</summary>
    public async ValueTask SendPieceAsync(CancellationToken cancellationToken)
    {
        if (Json.BytesPending + response.BodyWriter.UnflushedBytes >= PieceBytes)
        {
            await SendAsync(cancellationToken);
        }
    }

    /// <summary>Sends all that was written.</summary>
    public async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        await Json.FlushAsync(cancellationToken);
        FlushResult sent = await response.BodyWriter.FlushAsync(cancellationToken);
        if (sent.IsCompleted)
        {
            throw new OperationCanceledException("the caller has gone");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _json?.Dispose();

    private Utf8JsonWriter Begin()
    {
        response.ContentType = "application/json; charset=utf-8";
        return new Utf8JsonWriter(response.BodyWriter, Options);
    }
}
