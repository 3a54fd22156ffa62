using Sonde.Storage.Sql;
using Sonde.Tests.Storage;
using Xunit;

namespace Sonde.SystemTests.Postgres;

public sealed class PostgresSampleStoreModelTests(SharedServer servers) : SampleStoreModel
{
    private protected override int Plays => 8;   // each statement has a way to go

    private protected override async Task<IModelPlace> MakePlaceAsync()
    {
        var token = TestContext.Current.CancellationToken;
        var server = await servers.GetOrSkipAsync(token);
        return new Place(server, await server.CreateDatabaseAsync(token));
    }

    private sealed class Place(PostgresServer server, string database) : IModelPlace
    {
        public IStoreDatabase Database() => server.Database(database);

        public void Dispose() => server.ExecuteAsync($"DROP DATABASE {database} WITH (FORCE)", CancellationToken.None)
            .GetAwaiter().GetResult();
    }
}
