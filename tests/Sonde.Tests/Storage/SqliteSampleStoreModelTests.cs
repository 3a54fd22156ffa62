using Sonde.Storage.Sql;
using Sonde.Storage.Sqlite;

namespace Sonde.Tests.Storage;

public sealed class SqliteSampleStoreModelTests : SampleStoreModel
{
    private protected override Task<IModelPlace> MakePlaceAsync() => Task.FromResult<IModelPlace>(new Place());

    private sealed class Place : IModelPlace
    {
        private readonly TemporaryDirectory _directory = new();

        public IStoreDatabase Database() => new SqliteDatabase(_directory.Path);

        public void Dispose() => _directory.Dispose();
    }
}
