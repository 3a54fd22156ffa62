using Sonde.SystemTests.Postgres;
using Xunit;

[assembly: AssemblyFixture(typeof(SharedServer))]

namespace Sonde.SystemTests.Postgres;

/// <summary>
/// A server for all tests that only need databases of their own in it; started when the first one asks for it.
/// </summary>
public sealed class SharedServer : IAsyncDisposable
{
    private readonly SemaphoreSlim _starting = new(1);
    private PostgresServer? _server;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
        _starting.Dispose();
    }

    internal async Task<PostgresServer> GetOrSkipAsync(CancellationToken cancellation)
    {
        await _starting.WaitAsync(cancellation);
        try
        {
            return _server ??= await PostgresServer.StartOrSkipAsync(cancellation);
        }
        finally
        {
            _starting.Release();
        }
    }
}
