using Sonde.Measurement;
using Sonde.Measurement.Statistics;
using Sonde.Samples;
using Xunit;

namespace Sonde.Tests.Samples;

/// <summary>Alone, because it reads the memory of the whole process.</summary>
[CollectionDefinition(nameof(LiveMemoryTests), DisableParallelization = true)]
[Collection(nameof(LiveMemoryTests))]
public sealed class LiveMemoryTests(ITestOutputHelper output)
{
    [Fact]
    public void A_series_of_one_sample_a_second_takes_at_most_15_kilobytes_after_an_hour()
    {
        const int Checks = 200;
        var checks = Enumerable.Range(0, Checks).Select(i => LiveLab.CheckOf($"icmp-{i}")).ToArray();
        var time = new ManualTimeProvider();
        var catalog = new SeriesCatalog();
        var live = new LiveChecks(catalog, time);
        live.SetChecks(checks);
        var series = checks.Select(check => catalog.GetOrAdd(new(check.Id, "local", 4, Quantity.Rtt))).ToArray();
        var samples = new Sample[Checks];
        var rounds = new Round[Checks];
        var random = new Random(1);
        GC.Collect();
        GC.WaitForPendingFinalizers();   // what tests before this one left behind must not be freed while it measures
        var before = GC.GetTotalMemory(forceFullCollection: true);

        for (var second = 0; second < 4_000; second++)
        {
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            for (var i = 0; i < Checks; i++)
            {
                var rtt = 20_000 + random.Next(500) + (random.Next(20) == 0 ? random.Next(20_000) : 0);
                samples[i] = LiveLab.SampleOf(series[i], second, now, random.Next(100) == 0 ? null : rtt);
                rounds[i] = new Round(series[i], second, now, Sent: 1, Lost: samples[i].IsLost ? 1 : 0, NotSent: 0);
            }
            live.Take(samples, rounds);
            time.Advance(TimeSpan.FromSeconds(1));
            live.Tick();
        }

        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Checks;
        output.WriteLine($"{each} bytes a series");
        GC.KeepAlive(live);
        Assert.InRange(each, 5_000, 15_000);
    }

    [Fact]
    public void A_sample_that_finds_room_allocates_nothing()
    {
        var window = new Window();
        window.Add(1, 0, LossReason.None, 20_000);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var round = 2; round < 1_000; round++)
        {
            window.Add(round, 0, LossReason.None, 20_000);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
