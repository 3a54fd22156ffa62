using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging.Abstractions;
using Sonde.Samples;
using Sonde.Storage.Sql;
using Sonde.Storage.Sqlite;
using Xunit;

namespace Sonde.Tests.Storage;

/// <summary>Flipped bits and cut ends: whatever is damaged is found and said, and reading neither crashes nor loops.</summary>
public sealed class DamagedFileTests : IDisposable
{
    private static readonly string[] CheckNames = ["icmp-a", "icmp-b", "icmp-c"];

    private readonly TemporaryDirectory _directory = new();
    private readonly byte[] _sound;
    private readonly Dictionary<string, List<Sample>> _samples = [];

    public DamagedFileTests()
    {
        var catalog = new SeriesCatalog();
        using (var made = new TemporaryDirectory())
        {
            MakeAsync(made.Path, catalog).GetAwaiter().GetResult();
            _sound = File.ReadAllBytes(made.File(SqliteFile.Name));
        }
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Flipped_bits_anywhere_are_found_or_change_nothing_that_is_read() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(150),
        Prop.ForAll(
            Gen.Choose(0, int.MaxValue).ListOf(3).ToArbitrary(),
            flips => IsFoundOrHarmless(bytes =>
            {
                foreach (var flip in flips)
                {
                    bytes[flip % bytes.Length] ^= (byte)(1 << (flip % 8));
                }
                return bytes;
            })));

    [Fact]
    public void A_file_that_was_cut_short_is_found() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(30),
        Prop.ForAll(
            Gen.Choose(0, int.MaxValue).ToArbitrary(),
            cut => IsFoundOrHarmless(bytes => bytes[..(cut % bytes.Length)])));

    private bool IsFoundOrHarmless(Func<byte[], byte[]> damage)
    {
        File.WriteAllBytes(_directory.File(SqliteFile.Name), damage([.. _sound]));
        var told = new List<string>();
        try
        {
            new StoreCheckup(new SqliteDatabase(_directory.Path), told.Add, (_, _) => { }).Run(CancellationToken.None);
            var damages = ReadAll(out var read);
            return told.Count > 0 ? told.TrueForAll(IsSentence) : damages == 0 && AreSound(read);
        }
        catch (Exception refused) when (
            refused is StoreUnavailableException or StoreRefusedException or FileNotFoundException)
        {
            return IsSentence(refused.Message);
        }
    }

    private static bool IsSentence(string text) => text.EndsWith('.') && char.IsUpper(text.TrimStart('/')[0]) || text.StartsWith('/');

    private int ReadAll(out Dictionary<string, List<Sample>> read)
    {
        read = [];
        using var snapshot = StoreSnapshot.Open(new SqliteDatabase(_directory.Path));
        foreach (var series in snapshot.Series)
        {
            var samples = read[series.Key.Check.Value] = [];
            foreach (var batch in snapshot.Read(series, long.MinValue, long.MaxValue))
            {
                samples.AddRange(batch.Select(sample => sample with { Series = default }));
            }
        }
        return snapshot.Damage.Count;
    }

    private bool AreSound(Dictionary<string, List<Sample>> read) =>
        CheckNames.All(check => read.TryGetValue(check, out var samples) && samples.SequenceEqual(_samples[check]));

    private async Task MakeAsync(string directory, SeriesCatalog catalog)
    {
        await using var store = new SampleStore(
            new SqliteDatabase(directory), catalog, TimeProvider.System, NullLogger<SampleStore>.Instance);
        await store.BeginRunAsync(CancellationToken.None);
        foreach (var check in CheckNames)
        {
            var samples = Given.Samples(catalog.GetOrAdd(Given.Series(check)), 1, 12_000);
            _samples[check] = [.. samples.Select(sample => sample with { Series = default })];
            for (var done = 0; done < samples.Count; done += 400)
            {
                await store.AppendAsync(samples[done..(done + 400)].ToArray(), CancellationToken.None);
            }
        }
    }
}
