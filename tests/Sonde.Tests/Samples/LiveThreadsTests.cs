using Sonde.Samples;
using Xunit;

namespace Sonde.Tests.Samples;

public sealed class LiveThreadsTests
{
    [Fact]
    public async Task Views_ticks_reloads_and_readers_of_other_threads_disturb_nothing()
    {
        var checks = Enumerable.Range(0, 20).Select(i => LiveLab.CheckOf($"icmp-{i}")).ToArray();
        var lab = new LiveLab(checks);
        var stream = new LiveStream(lab.Live, lab.Catalog, lab.Time);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var others = new Action[]
        {
            () => Assert.Equal(20, lab.Live.All(lab.Now).Count),
            () => { lab.Live.Tick(); stream.Tick(); },
            () => lab.Live.SetChecks([.. checks]),
            () => { using var one = stream.TryFollow(checks[3].Id, lab.Live.Stamps.Latest); using var all = stream.TryFollowAll(null); },
        }.Select(act => Task.Run(() => { while (!done.IsCancellationRequested) { act(); } }, CancellationToken.None)).ToArray();

        for (var round = 1; round <= 500; round++)
        {
            var sample = LiveLab.SampleOf(default, round, lab.Now, round % 9 == 0 ? null : round);
            var samples = checks.Select(check => sample with { Series = lab.SeriesOf(check) }).ToArray();
            lab.Give(samples);
            stream.Take(samples, []);
        }
        await done.CancelAsync();
        await Task.WhenAll(others);

        lab.AssertWindowsEqualTheList();
        Assert.Equal(0, stream.ReaderCount);
    }
}
