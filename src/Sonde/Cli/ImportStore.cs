using Microsoft.Extensions.Logging.Abstractions;
using Sonde.SampleFiles;
using Sonde.Samples;
using Sonde.Storage.Sql;
using Sonde.Targets;

namespace Sonde.Cli;

/// <summary>
/// The store that an import writes into, opened with the first sample. The one place where the command line writes a
/// store. One caller at a time.
/// </summary>
internal sealed class ImportStore(string location, SeriesCatalog catalog) : IAsyncDisposable
{
    private readonly SampleStore _store =
        new(StoreLocation.Open(location), catalog, TimeProvider.System, NullLogger<SampleStore>.Instance);

    private HashSet<string>? _known;

    /// <summary>Stores samples; what is stored already stays as it is.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="checks">Their checks, as far as they were not named before.</param>
    /// <param name="cancellationToken">Ends it before the writing.</param>
    /// <exception cref="StoreRefusedException">Another process has the directory.</exception>
    /// <exception cref="StoreUnavailableException">Nothing of this is stored.</exception>
    public async Task AppendAsync(
        ReadOnlyMemory<Sample> samples, IReadOnlyList<FoundCheck> checks, CancellationToken cancellationToken)
    {
        if (samples.IsEmpty)
        {
            return;
        }
        _known ??= await OpenAsync(cancellationToken);
        var fresh = checks.Where(check => !_known.Contains(check.Id.Value) || !_known.Contains(check.Name)).ToList();
        if (fresh.Count > 0)
        {
            // before their samples, so that a check has its name whenever the import ends
            await _store.AddChecksAsync([.. fresh.Select(ToCheck)], cancellationToken);
        }
        await _store.AppendAsync(samples, cancellationToken);
    }

    /// <summary>The import is done: what it brought goes into blocks, with their summaries.</summary>
    public async Task SealAsync()
    {
        if (_known is not null)
        {
            await _store.SealAsync(long.MaxValue, CancellationToken.None);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private async Task<HashSet<string>> OpenAsync(CancellationToken cancellationToken)
    {
        ThrowIfTaken();
        await _store.AppendAsync(default, cancellationToken);
        using var snapshot = StoreSnapshot.Open(StoreLocation.Open(location));
        return [.. snapshot.CheckNames];
    }

    private void ThrowIfTaken()
    {
        try
        {
            using var database = StoreLocation.Open(location);
            StoreVerb.Explained(database, database.OpenForWriting).Dispose();
        }
        catch (StoreRefusedException refused)
        {
            throw new StoreRefusedException(
                !refused.Message.StartsWith("Another sonde process", StringComparison.Ordinal)
                ? refused.Message
                : $"{refused.Message} Nothing was imported: an import needs the store for itself. Stop 'sonde run', "
                + "import, and start it again; it then shows the imported samples, too.");
        }
    }

    private static Check ToCheck(FoundCheck found) => new()
    {
        Id = found.Id,
        Name = found.Name,
        Kind = CheckKindWords.OfId(found.Id),
        Host = "",
    };
}
