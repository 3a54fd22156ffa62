using Sonde.Configuration;
using Sonde.Metrics;
using Sonde.Samples;
using Sonde.Storage;

namespace Sonde.Cli;

/// <summary>
/// Has the store delete what the configuration does not keep: a minute after the start, then every hour, and after each
/// reload that changes it. Says in the log what went, and on <c>/metrics</c> how large the store is.
/// </summary>
internal sealed partial class StoreRetention(
    IStoreRetention store, ConfigurationFile file, TimeProvider time, ILogger<StoreRetention> logger)
    : BackgroundService
{
    // The start has better to do.
    private static readonly TimeSpan FirstAfter = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>The metrics of what the store keeps.</summary>
    public static readonly FamilyOf<StoreRetention>[] Families =
    [
        FamilyOf<StoreRetention>.Gauge(
            "sonde_store_bytes", "Size of the store on the disk at the last retention", static (writer, retention) =>
                retention.WriteLast(writer, static last => last.StoreBytes)),
        FamilyOf<StoreRetention>.Gauge(
            "sonde_store_raw_bytes", "What the packed samples of all blocks take at the last retention",
            static (writer, retention) => retention.WriteLast(writer, static last => last.KeptRawBytes)),
        FamilyOf<StoreRetention>.Gauge(
            "sonde_store_blocks", "Blocks with a summary at the last retention", static (writer, retention) =>
                retention.WriteLast(writer, static last => last.KeptSummaries)),
        FamilyOf<StoreRetention>.Gauge(
            "sonde_store_oldest_sample_timestamp_seconds",
            "When the oldest block begins whose samples are kept, in seconds since 1970 UTC",
            static (writer, retention) =>
            {
                if (retention._last?.OldestMilliseconds is { } oldest)
                {
                    writer.Write(oldest / 1e3);
                }
            }),
        FamilyOf<StoreRetention>.Counter(
            "sonde_store_deleted_samples_total", "Samples deleted because they were too old or too many",
            static (writer, retention) => writer.Write(Interlocked.Read(ref retention._deleted))),
    ];

    private readonly SemaphoreSlim _changed = new(0, 1);
    private volatile RetentionResult? _last;
    private long _deleted;

    /// <summary>Writes the metrics. Any thread.</summary>
    public void WriteTo(IFormatWriter metrics)
    {
        foreach (var family in Families)
        {
            family.WriteAll(metrics, this);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _changed.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        file.Changed += Wake;
        try
        {
            for (var wait = FirstAfter; ; wait = Interval)
            {
                await WaitAsync(wait, stoppingToken);
                await RetainAsync(stoppingToken);
            }
        }
        finally
        {
            file.Changed -= Wake;
        }
    }

    private void Wake(ConfigurationChange change)
    {
        if (change.Old.Retention != change.New.Retention)
        {
            try
            {
                _changed.Release();
            }
            catch (SemaphoreFullException)
            {
                // it is about to look anyway
            }
        }
    }

    private async Task WaitAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        using var woken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(Task.Delay(wait, time, woken.Token), _changed.WaitAsync(woken.Token));
        await woken.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task RetainAsync(CancellationToken cancellationToken)
    {
        try
        {
            var result = await store.RetainAsync(
                PolicyOf(file.Current.Retention), time.GetUtcNow().ToUnixTimeMilliseconds(), cancellationToken);
            Interlocked.Add(ref _deleted, result.Samples);
            _last = result;
            if (result.Span is var (earliest, latest))
            {
                var (from, to) = (UtcTime.Of(earliest), UtcTime.Of(latest));
                LogDeleted(
                    result.Samples, result.Summaries, result.Series, from, to, result.RawBytes, result.FreedBytes);
            }
        }
        catch (StoreUnavailableException error)
        {
            LogPutOff(error.Message);
        }
    }

    private static RetentionPolicy PolicyOf(RetentionConfiguration configured) => new()
    {
        RawAge = configured.RawAge,
        RawBytes = configured.RawBytes,
        SummaryAge = configured.SummaryAge,
        SummaryBytes = configured.SummaryBytes,
    };

    private void WriteLast(IFormatWriter writer, Func<RetentionResult, long> read)
    {
        if (_last is { } last)
        {
            writer.Write(read(last));
        }
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Deleted by retention: {Samples} samples and the summaries of {Summaries} blocks of {Series} series, "
            + "from {From} to {To} UTC; {Bytes} bytes of samples, the store is {Freed} bytes smaller")]
    private partial void LogDeleted(
        long samples, long summaries, int series, string from, string to, long bytes, long freed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Retention is put off until the next hour. {Problem}")]
    private partial void LogPutOff(string problem);
}
