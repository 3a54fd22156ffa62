using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Sonde.SystemTests.Lab;
using Sonde.SystemTests.LabTests;
using Xunit;

namespace Sonde.SystemTests.Executable;

/// <summary>
/// A process that did not run for a while, and a wall clock that was set: gaps and marks, never RTTs.
/// </summary>
public sealed class StoppedTests(ITestOutputHelper output)
{
    private const int Hosts = 50;
    private const int Interval = 500;
    private const int ClockStepped = 3;
    private const int Stopped = 5;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stopped_process_skips_its_rounds_and_marks_the_gap()
    {
        using var network = LabRun.StartOrSkip(
            new() { Others = SimulatedHost.Answering(TimeSpan.FromMilliseconds(20)) });
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start(backlog: 512);   // the kernel shakes hands for it
        using var folder = new WorkFolder($"{Configuration(network)}  - server: {server.LocalEndpoint}\n");
        await using var run = await SondeRun.StartAsync(folder, Token);
        await run.AwaitFirstSamplesAsync();
        await run.AwaitProgressAsync();

        Signal.Send(run.Process, Signal.Stop);
        await Task.Delay(TimeSpan.FromSeconds(3), Token);   // the time that is measured here
        Signal.Send(run.Process, Signal.Continue);
        await run.AwaitLogAsync("Stopped: The program did not run for ");
        await run.AwaitProgressAsync();
        await run.AwaitProgressAsync();
        Assert.Equal(0, await run.StopAsync());

        var stored = await StoredSample.ExportByCheckAsync(folder.Data, Token);
        Assert.Equal(Hosts + 1, stored.Count);
        Assert.All(stored, samples => AssertGapWithoutBurst([.. samples]));
        AssertTimesAreTrue(stored, network);
        Assert.All(stored["tcp-server"], sample => Assert.True(sample.IsSuspect || sample.Rtt < 5_000, $"{sample}"));
        var mark = Assert.Single(StoredSample.ReadMarks(folder.Data), mark => mark.Kind == Stopped);
        output.WriteLine(mark.Text);
    }

    [Fact]
    public async Task A_step_of_the_wall_clock_makes_marks_and_no_wrong_time()
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("CI") == "true"
                || Environment.GetEnvironmentVariable("SONDE_STEP_CLOCK") == "1",
            "sets this machine's clock by 5 s for a moment: only on CI, or with SONDE_STEP_CLOCK=1");
        using var network = LabRun.StartOrSkip(
            new() { Others = SimulatedHost.Answering(TimeSpan.FromMilliseconds(20)) });
        using var folder = new WorkFolder(Configuration(network));
        await using var run = await SondeRun.StartAsync(folder, Token);
        await run.AwaitFirstSamplesAsync();

        using (var clock = WallClock.StepOrSkip(TimeSpan.FromSeconds(5)))
        {
            await run.AwaitLogAsync("ClockStepped: The wall clock was set forward by ");
            await run.AwaitProgressAsync();
        }
        await run.AwaitLogAsync("ClockStepped: The wall clock was set back by ");
        await Eventually.BecomesTrueAsync(
            async () =>
                (await StoredSample.ExportByCheckAsync(folder.Data, Token)).All(samples => samples.Count() >= 10),
            "10 samples of each check", run.Told, Token);
        Assert.Equal(0, await run.StopAsync());

        var stored = await StoredSample.ExportByCheckAsync(folder.Data, Token);
        Assert.All(
            stored, samples => Assert.Equal(samples.Count(), samples.DistinctBy(sample => sample.Round).Count()));
        AssertTimesAreTrue(stored, network);
        Assert.Equal(2, StoredSample.ReadMarks(folder.Data).Count(mark => mark.Kind == ClockStepped));
    }

    private static string Configuration(SimulatedNetwork network) =>
        $"defaults: {{interval: {Interval}ms}}\ntargets:\n" + string.Concat(Enumerable.Range(1, Hosts).Select(n =>
            string.Create(CultureInfo.InvariantCulture, $"  - host-{n}: {network.Addresses.Host4(n)}\n")));

    /// <summary>
    /// The round numbers tell how many rounds were skipped; no two rounds stand closer than half an interval, less what
    /// may pass between deciding and sending on a busy machine. The first round may be late: the program still warms up.
    /// </summary>
    private static void AssertGapWithoutBurst(StoredSample[] samples)
    {
        var pairs = samples.Zip(samples.Skip(1)).Skip(1).ToList();
        Assert.All(pairs, pair => Assert.True(
            (pair.Second.SentAt - pair.First.SentAt).TotalMilliseconds >= 0.4 * Interval,
            $"{pair.First} and then {pair.Second}"));
        var gap = pairs.MaxBy(pair => pair.Second.SentAt - pair.First.SentAt);
        Assert.InRange(gap.Second.Round - gap.First.Round, 5, 20);
    }

    /// <summary>
    /// No RTT is more than 5 ms longer than the longest that the wire saw, unless it is marked suspect.
    /// </summary>
    private void AssertTimesAreTrue(ILookup<string, StoredSample> stored, SimulatedNetwork network)
    {
        // a request that was under way when the clock was set has no time on the wire either
        var longest = WireExchange.Match(network.Wire.Packets)
            .Max(exchange => exchange.Rtt is < 1_000_000_000 and var rtt ? rtt : 0) / 1_000;
        var times = stored.Where(samples => samples.Key != "tcp-server").SelectMany(samples => samples)
            .Where(sample => !sample.IsSuspect && sample.Rtt is not null).ToList();
        output.WriteLine(
            $"the wire saw at most {longest} µs, the export says at most {times.Max(sample => sample.Rtt)} µs");
        Assert.All(times, sample => Assert.InRange(sample.Rtt!.Value, 19_000, longest + 5_000));
    }
}
