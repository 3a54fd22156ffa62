using Microsoft.Extensions.Logging.Abstractions;
using Sonde.Samples;
using Sonde.Storage.Sql;
using Sonde.Tests.Storage;
using Xunit;

namespace Sonde.SystemTests.Postgres;

/// <summary>PostgreSQL does all that every store must do.</summary>
public sealed class PostgresSampleStoreTests(SharedServer servers) : SampleStoreContract, IAsyncLifetime
{
    private PostgresServer _server = null!;
    private string _database = "";

    public async ValueTask InitializeAsync()
    {
        _server = await servers.GetOrSkipAsync(Token);
        _database = await _server.CreateDatabaseAsync(Token);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private protected override ISampleStore Open() => new SampleStore(
        _server.Database(_database), Catalog, TimeProvider.System, NullLogger<SampleStore>.Instance);
}
