using Sonde.Samples;
using Xunit;

namespace Sonde.Tests.Samples;

public sealed class SampleSpoolTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly SeriesCatalog _catalog = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Beyond_its_bound_the_oldest_segment_goes()
    {
        var spool = new SampleSpool(_directory.Path, _catalog, maxBytes: 2_000);

        Assert.Empty(spool.Write([Chunk(1, 200)]));
        var gone = spool.Write([Chunk(201, 200)]);

        Assert.Equal((200, Given.Start + 1_000, Given.Start + 200_000), (
            Assert.Single(gone).Count, gone[0].FirstMilliseconds, gone[0].LastMilliseconds));
        Assert.Equal(200, spool.Count);
        Assert.Equal(Enumerable.Range(201, 200).Select(n => (long)n), Rounds(spool));
    }

    [Fact]
    public void A_flipped_bit_costs_one_chunk_and_the_rest_is_read()
    {
        var spool = new SampleSpool(_directory.Path, _catalog);
        spool.Write([Chunk(1, 10), Chunk(11, 10)]);
        var path = Directory.GetFiles(_directory.File("spool")).Single();
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);

        Assert.Equal(Enumerable.Range(1, 10).Select(n => (long)n), Rounds(new SampleSpool(_directory.Path, _catalog)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(30)]
    public void A_segment_cut_short_is_read_as_far_as_it_goes(int length)
    {
        var spool = new SampleSpool(_directory.Path, _catalog);
        spool.Write([Chunk(1, 10)]);
        using (var file = File.OpenWrite(Directory.GetFiles(_directory.File("spool")).Single()))
        {
            file.SetLength(length);
        }

        Assert.Empty(Rounds(spool));
    }

    [Fact]
    public void Files_of_others_are_left_alone()
    {
        Directory.CreateDirectory(_directory.File("spool"));
        File.WriteAllText(_directory.File("spool/notes.spool"), "mine");

        var spool = new SampleSpool(_directory.Path, _catalog);

        Assert.Null(spool.Oldest);
        Assert.True(File.Exists(_directory.File("spool/notes.spool")));
    }

    private static IEnumerable<long> Rounds(SampleSpool spool) =>
        spool.Read(spool.Oldest!).SelectMany(batch => batch).Select(sample => sample.Round);

    private BacklogChunk Chunk(long firstRound, int count)
    {
        var samples = new PackedSamples();
        var series = _catalog.GetOrAdd(Given.Series("icmp-a"));
        Given.Samples(series, firstRound, count).ForEach(sample => samples.Add(series.Number, sample));
        return new BacklogChunk(samples, 0);
    }
}
