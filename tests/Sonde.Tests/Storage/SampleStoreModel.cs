using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging.Abstractions;
using Sonde.Samples;
using Sonde.Storage.Sql;
using Xunit;

namespace Sonde.Tests.Storage;

/// <summary>
/// Any sequence of appends (new, late, twice), restarts, retention and readings gives what a plain list in memory gives.
/// Of what may be deleted by its age the list keeps what the store still gives: blocks go as a whole. A sealed class for
/// each store inherits it.
/// </summary>
public abstract class SampleStoreModel
{
    private const int SeriesCount = 3;
    private const long Now = 1_000_000;

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
        var model = new Model();
        var store = Open(place, model);
        try
        {
            for (var step = 0; step < steps.Length; step++)
            {
                var random = new Random((step << 8) + steps[step]);
                var isRight = true;
                switch (steps[step] % 8)
                {
                    case 0:
                        await store.DisposeAsync();
                        model.Catalog = new SeriesCatalog();
                        store = Open(place, model);
                        break;
                    case 1:
                        isRight = await IsAsInModelAsync(store, model, random);
                        break;
                    case 2:
                        isRight = await RetainAsync(store, model, random.Next((step * 1_500) + 1));
                        break;
                    default:
                        isRight = await AppendAsync(store, model, random, step);
                        break;
                }
                if (!isRight)
                {
                    return false;
                }
            }
            return await IsAsInModelAsync(store, model, null) && await CountsAllAsync(store, model);
        }
        finally
        {
            await store.DisposeAsync();
        }
    }

    private static SampleStore Open(IModelPlace place, Model model) =>
        new(place.Database(), model.Catalog, TimeProvider.System, NullLogger<SampleStore>.Instance);

    private static async Task<bool> AppendAsync(SampleStore store, Model model, Random random, int step)
    {
        var batch = new List<Sample>();
        var added = new List<(int Series, SampleIdentity Identity)>();
        var first = random.Next(4) == 0 ? random.Next(2_000) : step * 150;   // late or next
        for (var n = random.Next(1, 400); n > 0; n--)
        {
            var series = random.Next(SeriesCount);
            var round = first + (n % 7 == 0 ? random.Next(500) : 400 - n);
            var sample = Given.Any(random, model.Catalog.GetOrAdd(Key(series))) with
            {
                Round = round,
                Index = (ushort)random.Next(2),
                SentAtMilliseconds = (round * 10) + random.Next(30),
                Value = random.Next(-5, 1_000_000),
            };
            batch.Add(sample);
            var key = (series, SampleIdentity.Of(sample));
            if (!model.Gone.Contains(key) && model.Kept.TryAdd(key, sample with { Series = default }))
            {
                added.Add(key);
            }
        }
        await store.AppendAsync(batch.ToArray(), CancellationToken.None);
        if (model.Gone.Count == 0)
        {
            return true;
        }
        var stored = await ReadKeysAsync(store);
        foreach (var key in added.Where(key => !stored.Contains(key)))
        {
            if (!IsAmongGone(model, key))
            {
                return false;
            }
            model.Kept.Remove(key);
        }
        return true;
    }

    // Only what falls into a block whose samples are gone may be left out.
    private static bool IsAmongGone(Model model, (int Series, SampleIdentity Identity) key) =>
        model.Gone.Any(gone => gone.Series == key.Series && gone.Identity < key.Identity)
        && model.Gone.Any(gone => gone.Series == key.Series && gone.Identity > key.Identity);

    private static async Task<bool> RetainAsync(SampleStore store, Model model, long before)
    {
        var result = await store.RetainAsync(
            new() { RawAge = TimeSpan.FromMilliseconds(Now - before) }, Now, CancellationToken.None);
        var stored = await ReadKeysAsync(store);
        var gone = model.Kept.Where(entry => !stored.Contains(entry.Key)).ToList();
        foreach (var (key, _) in gone)
        {
            model.Kept.Remove(key);
            model.Gone.Add(key);
        }
        return gone.TrueForAll(entry => entry.Value.SentAtMilliseconds < before) && result.Samples == gone.Count
            && await CountsAllAsync(store, model);
    }

    private static async Task<bool> CountsAllAsync(SampleStore store, Model model)
    {
        var query = new WindowQuery
        {
            Series = [.. Enumerable.Range(0, SeriesCount).Select(Key)],
            FromMilliseconds = 0,
            StepMilliseconds = Now,
            Count = 1,
        };
        var series = 0;
        await foreach (var windows in store.ReadWindowsAsync(query, CancellationToken.None))
        {
            var expected = model.Kept.Keys.Concat(model.Gone).Count(key => key.Series == series);
            if ((windows.Windows[0]?.Sent ?? 0) != expected)
            {
                return false;
            }
            series++;
        }
        return true;
    }

    private static async Task<HashSet<(int, SampleIdentity)>> ReadKeysAsync(SampleStore store)
    {
        var keys = new HashSet<(int, SampleIdentity)>();
        for (var series = 0; series < SeriesCount; series++)
        {
            await foreach (var batch in store.ReadAsync(
                Key(series), long.MinValue, long.MaxValue, CancellationToken.None))
            {
                keys.UnionWith(batch.ToArray().Select(sample => (series, SampleIdentity.Of(sample))));
            }
        }
        return keys;
    }

    private static async Task<bool> IsAsInModelAsync(SampleStore store, Model model, Random? random)
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
            var expected = model.Kept.Where(entry => entry.Key.Series == series).OrderBy(entry => entry.Key.Identity)
                .Select(entry => entry.Value with { Series = model.Catalog.GetOrAdd(Key(series)) })
                .Where(sample => sample.SentAtMilliseconds >= from && sample.SentAtMilliseconds < to);
            if (!read.SequenceEqual(expected))
            {
                return false;
            }
        }
        return true;
    }

    private static SeriesKey Key(int series) => Given.Series($"icmp-{series}");

    private sealed class Model
    {
        public SeriesCatalog Catalog { get; set; } = new();

        /// <summary>The samples that the store gives one by one.</summary>
        public Dictionary<(int Series, SampleIdentity Identity), Sample> Kept { get; } = [];

        /// <summary>Those that are counted, and no more.</summary>
        public HashSet<(int Series, SampleIdentity Identity)> Gone { get; } = [];
    }
}

/// <summary>Where a store lies.</summary>
internal interface IModelPlace : IDisposable
{
    /// <summary>The database for the next opening.</summary>
    IStoreDatabase Database();
}
