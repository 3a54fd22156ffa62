using Sonde.Measurement;
using Sonde.SystemTests.Lab;
using Sonde.SystemTests.LabTests;
using Xunit;

namespace Sonde.SystemTests.Probing;

/// <summary>What comes out of the pipeline is what happened on the wire.</summary>
[Collection(LabRun.Name)]
public sealed class SampleTruthTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(20);

    [Fact]
    public async Task At_rest_samples_are_true_and_unsuspected_and_no_round_is_missed()
    {
        using var network = LabRun.StartOrSkip(new() { Others = SimulatedHost.Answering(Delay) });
        using var lab = new ProbingLab(network);
        var checks = Enumerable.Range(1, 200).Select(host => lab.CheckOf(host, TimeSpan.FromMilliseconds(100)))
            .ToList();

        await lab.RunAsync(checks, For(5), TestContext.Current.CancellationToken);

        var compared = lab.WithTruth();
        var errors = compared.Select(pair => pair.Sample.Value - pair.TrueUs).Order().ToList();
        var suspects = lab.Samples.Count(sample => sample.IsSuspect);
        output.WriteLine(
            $"{errors.Count} samples, error p50 {errors[errors.Count / 2]:F1} µs, "
            + $"p99 {errors[errors.Count * 99 / 100]:F1} µs, {suspects} suspect, {lab.Counters.LateWakes} late wakes");
        Assert.InRange(errors.Count, 200 * 45, 200 * 51);
        Assert.InRange(errors[errors.Count / 2], -30, 30);
        Assert.InRange(errors[errors.Count * 99 / 100], -200, 200);
        Assert.Equal(0, lab.Counters.MissedRounds);
        Assert.All(lab.Samples.GroupBy(sample => sample.Series), AssertRoundsFollow);
    }

    [Fact]
    public async Task Losses_duplicates_late_answers_and_errors_stand_in_their_samples()
    {
        using var network = LabRun.StartOrSkip();
        using var lab = new ProbingLab(network);
        var (soon, interval) = (TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(200));
        network.Hosts[1] = SimulatedHost.Answering(soon) with { LoseEvery = 2 };
        network.Hosts[2] = SimulatedHost.Answering(soon).WithDuplicates(2, soon);
        network.Hosts[3] = SimulatedHost.Answering(TimeSpan.FromMilliseconds(150));
        network.Hosts[4] = SimulatedHost.Failing(IcmpError.Prohibited, soon);
        var checks = Enumerable.Range(1, 4)
            .Select(host => lab.CheckOf(host, interval, packets: 2, timeoutMilliseconds: 100)).ToList();

        await lab.RunAsync(checks, For(3), TestContext.Current.CancellationToken);

        var byHost = lab.Samples.ToLookup(sample => lab.HostOf(sample.Series));
        Assert.Equal(4, byHost.Count);
        Assert.All(byHost[1].OrderBy(sample => (sample.Round, sample.Index)).Index(), sample =>
            Assert.Equal(sample.Index % 2 == 1 ? LossReason.Timeout : LossReason.None, sample.Item.Loss));
        Assert.All(byHost[2].SkipLast(1), sample => Assert.Equal(2, sample.Duplicates));
        Assert.All(byHost[3], sample => Assert.Equal(LossReason.Timeout, sample.Loss));
        Assert.All(byHost[4], sample => Assert.Equal(LossReason.Prohibited, sample.Loss));
        Assert.InRange(lab.Counters.Late, byHost[3].Count() - 2, byHost[3].Count() + 2);
        Assert.Equal(
            lab.Samples.Count, lab.Samples.DistinctBy(sample => (sample.Series, sample.Round, sample.Index)).Count());
    }

    /// <summary>Rounds of one series follow each other without a gap.</summary>
    private static void AssertRoundsFollow(IEnumerable<Sonde.Samples.Sample> series)
    {
        var rounds = series.Select(sample => sample.Round).Order().ToList();
        Assert.Equal(rounds.Count - 1, rounds[^1] - rounds[0]);
    }

    private static Task For(int seconds) =>
        Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System, TestContext.Current.CancellationToken);
}
