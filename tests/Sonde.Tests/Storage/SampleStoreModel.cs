using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging.Abstractions;
using Sonde.Measurement.Statistics;
using Sonde.Samples;
using Sonde.Storage.Sql;
using Xunit;

namespace Sonde.Tests.Storage;

/// <summary>
/// Any sequence of appends (new, late, twice), restarts and readings gives what a sorted list in memory gives; a sealed
/// class for each store inherits it.
/// </summary>
public abstract class SampleStoreModel
{
    private const int SeriesCount = 3;

    [Fact]
    public void The_store_does_as_a_plain_list_does() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(Plays).WithEndSize(30),
        Prop.ForAll<byte[]>(steps => PlayAsync(steps).GetAwaiter().GetResult()));

    /// <summary>How many sequences are tried.</summary>
    private protected virtual int Plays => 30;

    /// <summary>A place for a new store; disposed when it is not needed any more.</summary>
    private protected abstract Task<IModelPlace> MakePlaceAsync();

    private async Task<bool> PlayAsync(byte[] steps)
    {
        using var place = await MakePlaceAsync();
        var model = new Dictionary<(int Series, SampleIdentity Identity), Sample>();
        var catalog = new SeriesCatalog();
        var store = Open(place, catalog);
        try
        {
            for (var step = 0; step < steps.Length; step++)
            {
                var random = new Random((step << 8) + steps[step]);
                switch (steps[step] % 8)
                {
                    case 0:
                        await store.DisposeAsync();
                        catalog = new SeriesCatalog();
                        store = Open(place, catalog);
                        break;
                    case 1:
                        if (!await IsAsInModelAsync(store, catalog, model, random))
                        {
                            return false;
                        }
                        break;
                    default:
                        await AppendAsync(store, catalog, model, random, step);
                        break;
                }
            }
            return await IsAsInModelAsync(store, catalog, model, null);
        }
        finally
        {
            await store.DisposeAsync();
        }
    }

    private static SampleStore Open(IModelPlace place, SeriesCatalog catalog) =>
        new(place.Database(), catalog, TimeProvider.System, NullLogger<SampleStore>.Instance);

    private static async Task AppendAsync(
        SampleStore store, SeriesCatalog catalog,
        Dictionary<(int Series, SampleIdentity Identity), Sample> model, Random random, int step)
    {
        var batch = new List<Sample>();
        var first = random.Next(4) == 0 ? random.Next(2_000) : step * 150;   // late or next
        for (var n = random.Next(1, 400); n > 0; n--)
        {
            var series = random.Next(SeriesCount);
            var round = first + (n % 7 == 0 ? random.Next(500) : 400 - n);
            var any = Given.Any(random, catalog.GetOrAdd(Key(series)));
            var sample = any with
            {
                Round = round,
                Value = Math.Clamp(any.Value, -Window.MaxValue, Window.MaxValue),
                Index = (ushort)random.Next(2),
                SentAtMilliseconds = (round * 10) + random.Next(30),
            };
            batch.Add(sample);
            model.TryAdd((series, SampleIdentity.Of(sample)), sample with { Series = default });
        }
        await store.AppendAsync(batch.ToArray(), CancellationToken.None);
    }

    private static async Task<bool> IsAsInModelAsync(
        SampleStore store, SeriesCatalog catalog,
        Dictionary<(int Series, SampleIdentity Identity), Sample> model, Random? random)
    {
        for (var series = 0; series < SeriesCount; series++)
        {
            var from = random is null ? long.MinValue : random.Next(20_000);
            var to = random is null ? long.MaxValue : from + random.Next(20_000);
            var read = new List<Sample>();
            await foreach (var batch in store.ReadAsync(Key(series), from, to, CancellationToken.None))
            {
                read.AddRange(batch.Span);
            }
            var expected = model.Where(entry => entry.Key.Series == series).OrderBy(entry => entry.Key.Identity)
                .Select(entry => entry.Value with { Series = catalog.GetOrAdd(Key(series)) })
                .Where(sample => sample.SentAtMilliseconds >= from && sample.SentAtMilliseconds < to);
            if (!read.SequenceEqual(expected))
            {
                return false;
            }
        }
        return true;
    }

    private static SeriesKey Key(int series) => Given.Series($"icmp-{series}");
}

/// <summary>Where a store lies.</summary>
internal interface IModelPlace : IDisposable
{
    /// <summary>The database for the next opening.</summary>
    IStoreDatabase Database();
}
