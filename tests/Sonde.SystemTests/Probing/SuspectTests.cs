using Sonde.SystemTests.Lab;
using Sonde.SystemTests.LabTests;
using Xunit;

namespace Sonde.SystemTests.Probing;

/// <summary>A sample that may be wrong says so, and others do not.</summary>
[Collection(LabRun.Name)]
public sealed class SuspectTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Under_load_nearly_every_wrong_sample_is_suspect()
    {
        using var network = LabRun.StartOrSkip(
            new() { Others = SimulatedHost.Answering(TimeSpan.FromMilliseconds(20)) });
        using var lab = new ProbingLab(network);
        var checks = Enumerable.Range(1, 100).Select(host => lab.CheckOf(host, TimeSpan.FromMilliseconds(100)))
            .ToList();
        using var load = new ProcessorLoad();

        await lab.RunAsync(checks, For(30), TestContext.Current.CancellationToken);

        var compared = lab.WithTruth();
        var wrong = compared.Where(pair => Math.Abs(pair.Sample.Value - pair.TrueUs) > 1_000).ToList();
        var suspected = wrong.Count(pair => pair.Sample.IsSuspect);
        output.WriteLine($"{compared.Count} samples, {wrong.Count} off by over 1 ms, of which {suspected} suspect; "
            + $"{compared.Count(pair => pair.Sample.IsSuspect)} suspect in all, {lab.Counters.LateWakes} late wakes");
        Assert.True(compared.Count > 20_000, $"only {compared.Count} samples were taken");
        var unsuspected = compared.Where(pair => !pair.Sample.IsSuspect)
            .Select(pair => Math.Abs(pair.Sample.Value - pair.TrueUs)).Order().ToList();
        Assert.True(unsuspected[unsuspected.Count * 999 / 1000] <= 200,
            "a sample in a thousand that nobody suspects is off by over 200 µs");
        Assert.True(suspected >= 0.99 * wrong.Count,
            $"{wrong.Count - suspected} of {wrong.Count} wrong samples are not suspect");
    }

    /// <summary>
    /// Says something only of a machine at rest; on another it is skipped, and says what the others took.
    /// </summary>
    [Fact]
    public async Task At_rest_at_most_one_sample_in_a_thousand_is_suspect()
    {
        using var network = LabRun.StartOrSkip(
            new() { Others = SimulatedHost.Answering(TimeSpan.FromMilliseconds(20)) });
        using var lab = new ProbingLab(network);
        var checks = Enumerable.Range(1, 100).Select(host => lab.CheckOf(host, TimeSpan.FromMilliseconds(100)))
            .ToList();

        var rest = new MachineRest();

        await lab.RunAsync(checks, For(10), TestContext.Current.CancellationToken);

        Assert.SkipWhen(rest.OthersShare > 0.05, $"other programs took {rest.OthersShare:P0} of a processor meanwhile");
        var suspects = lab.Samples.Count(sample => sample.IsSuspect);
        output.WriteLine($"{suspects} of {lab.Samples.Count} suspect; {lab.Counters.LateWakes} late wakes");
        Assert.True(lab.Samples.Count > 9_000, $"only {lab.Samples.Count} samples were taken");
        Assert.True(suspects <= lab.Samples.Count / 1000, $"{suspects} of {lab.Samples.Count} are suspect");
    }

    private static Task For(int seconds) =>
        Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System, TestContext.Current.CancellationToken);

    /// <summary>
    /// A process of busy loops, one for each processor; processes, so that they share nothing with the test but the
    /// machine.
    /// </summary>
    private sealed class ProcessorLoad : IDisposable
    {
        private readonly System.Diagnostics.Process[] _loops =
        [
            .. Enumerable.Range(0, Environment.ProcessorCount)
                .Select(_ => System.Diagnostics.Process.Start("/bin/sh", ["-c", "while :; do :; done"])),
        ];

        public void Dispose()
        {
            foreach (var loop in _loops)
            {
                loop.Kill();
                loop.WaitForExit();
                loop.Dispose();
            }
        }
    }
}
