using System.Threading.Channels;
using Sonde.SampleFiles;

namespace Sonde.Cli;

/// <summary>
/// Brings the samples of a file into a store: one thread reads ahead while another writes, in constant memory.
/// </summary>
internal sealed class SampleImport(SampleFile file, SampleSieve sieve, ImportStore store, ImportTally tally)
{
    // So many samples make a commit of some ten milliseconds.
    private const int BatchSize = 20_000;

    private const int BatchCount = 3;   // one is read, one waits, one is written

    /// <summary>Imports to the end of the file.</summary>
    /// <param name="progress">Called after each batch.</param>
    /// <param name="cancellationToken">Ends it after the batch that is being written.</param>
    /// <exception cref="IOException">The file cannot be read on.</exception>
    public async Task RunAsync(Action progress, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var free = Channel.CreateBounded<Batch>(BatchCount);
        var full = Channel.CreateBounded<Batch>(BatchCount);
        for (var number = 0; number < BatchCount; number++)
        {
            free.Writer.TryWrite(new Batch());
        }
        // Nobody waits for it at an early end: it may hang in a pipe to which nothing comes any more.
        _ = Task.Run(() => ReadAsync(free.Reader, full.Writer, ending.Token), CancellationToken.None);
        try
        {
            await foreach (var batch in full.Reader.ReadAllAsync(cancellationToken))
            {
                await store.AppendAsync(batch.Samples.Samples, batch.Found, cancellationToken);
                tally.Stored += batch.Samples.Count;
                tally.SeriesCount = batch.SeriesCount;
                tally.TakenAsLost = batch.TakenAsLost;
                progress();
                free.Writer.TryWrite(batch);
            }
        }
        finally
        {
            await ending.CancelAsync();
        }
    }

    private async Task ReadAsync(
        ChannelReader<Batch> free, ChannelWriter<Batch> full, CancellationToken cancellationToken)
    {
        try
        {
            var isMore = true;
            while (isMore)
            {
                var batch = await free.ReadAsync(cancellationToken);
                batch.Samples.Clear();
                isMore = file.Read(batch.Samples, BatchSize, tally.Refuse);
                batch.Found = sieve.TakeFound();
                batch.SeriesCount = sieve.SeriesCount;
                batch.TakenAsLost = file.TakenAsLost;
                await full.WriteAsync(batch, cancellationToken);
            }
            full.Complete();
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            full.TryComplete(error);    // whoever takes the batches gets it
        }
    }

    private sealed class Batch
    {
        public SampleBatch Samples { get; } = new();

        public IReadOnlyList<FoundCheck> Found { get; set; } = [];

        public int SeriesCount { get; set; }

        public long TakenAsLost { get; set; }
    }
}
