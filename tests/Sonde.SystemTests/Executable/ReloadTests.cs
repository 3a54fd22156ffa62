using System.Globalization;
using System.Net;
using Xunit;

namespace Sonde.SystemTests.Executable;

/// <summary>Another configuration while 1,000 targets are measured each second.</summary>
public sealed class ReloadTests(ITestOutputHelper output)
{
    private const int Targets = 1_000;
    private const int Reloaded = 2;
    private const int AddressChanged = 6;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Checks_that_did_not_change_keep_series_rounds_and_phase()
    {
        using var folder = new WorkFolder(Configuration(0));
        await using var run = await SondeRun.StartAsync(folder, Token);
        await run.AwaitFirstSamplesAsync();
        await run.AwaitProgressAsync();

        var reloadedAt = new List<DateTimeOffset>();
        for (var generation = 1; generation <= 3; generation++)
        {
            var told = run.Log.Count;
            reloadedAt.Add(DateTimeOffset.UtcNow);
            folder.Write(Configuration(generation));
            if (generation == 2)
            {
                Signal.Send(run.Process, Signal.HangUp);
            }
            else if (generation == 3)
            {
                using var answer = await run.Page.PostAsync("-/reload", null, Token);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            }
            await run.AwaitLogAsync($"checks: {Targets}, new: 10, gone: 10, changed: 10", told);
            await run.AwaitProgressAsync();
        }
        await run.AwaitProgressAsync();
        Assert.Equal(0, await run.StopAsync());

        var stored = await StoredSample.ExportByCheckAsync(folder.Data, Token);
        var unchanged = stored.Where(samples => Number(samples.Key) is > 30 and <= 970).ToList();
        Assert.Equal(940, unchanged.Count);
        Assert.All(unchanged, samples => AssertConsecutive([.. samples]));
        var moves = unchanged.Select(samples => PhaseMove([.. samples], reloadedAt)).Order().ToList();
        output.WriteLine($"phase moved by p50 {moves[470]:F1}, most {moves[^1]:F1} ms");
        Assert.True(moves[^1] < 50, $"the phase of a check moved by {moves[^1]:F1} ms");
        Assert.All(Enumerable.Range(971, 60), n => Assert.NotEmpty(stored[$"icmp-host-{n}"]));
        var marks = StoredSample.ReadMarks(folder.Data);
        Assert.Equal(3, marks.Count(mark => mark.Kind == Reloaded));
        Assert.Equal(30, marks.Count(mark => mark.Kind == AddressChanged));
    }

    [Fact]
    public async Task A_bad_file_is_told_everywhere_and_the_one_before_goes_on()
    {
        const string Good = "defaults: {interval: 200ms}\ntargets:\n  - Router: 127.0.0.1\n";
        using var folder = new WorkFolder(Good);
        await using var run = await SondeRun.StartAsync(folder, Token);
        await run.AwaitReadyAsync(200);

        folder.Write("targets:\n  - name: Router\n    adress: 127.0.0.1\n");
        var unready = await run.AwaitReadyAsync(503);
        using var refused = await run.Page.PostAsync("-/reload", null, Token);
        await run.AwaitLogAsync("sonde.yaml:3:5: 'adress'");
        await run.AwaitProgressAsync();
        var page = WebUtility.HtmlDecode(await run.OverviewAsync());
        folder.Write(Good);
        var ready = await run.AwaitReadyAsync(200);

        Assert.Contains(
            "sonde.yaml:3:5: 'adress' is not known here; did you mean 'address'?", unready, StringComparison.Ordinal);
        Assert.Contains(
            "sonde.yaml:3:5: 'adress' is not known here; did you mean 'address'?", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("sonde.yaml:3:5", await refused.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Equal("ready\n", ready);
        Assert.DoesNotContain("adress", WebUtility.HtmlDecode(await run.OverviewAsync()), StringComparison.Ordinal);
        Assert.Single(run.Log, line => line.Contains("'adress'", StringComparison.Ordinal));
    }

    /// <summary>
    /// Each generation changes the addresses of ten targets (1 to 30), takes the last ten away (971 to 1000), and adds
    /// ten (from 1001 on).
    /// </summary>
    private static string Configuration(int generation)
    {
        var changed = string.Concat(Enumerable.Range(1, 30).Select(n => string.Create(
            CultureInfo.InvariantCulture, $"  - host-{n}: 127.{(n <= 10 * generation ? 78 : 77)}.1.{n}\n")));
        return "targets:\n" + changed + WorkFolder.Loopback(Targets - 30 - (10 * generation), from: 31)
            + WorkFolder.Loopback(10 * generation, from: 1001);
    }

    private static int Number(string check) =>
        int.Parse(check.AsSpan("icmp-host-".Length), CultureInfo.InvariantCulture);

    private static void AssertConsecutive(StoredSample[] samples) => Assert.Equal(
        Enumerable.Range(0, samples.Length).Select(n => samples[0].Round + n), samples.Select(sample => sample.Round));

    /// <summary>
    /// By how many milliseconds the place in the second differs between the time before and that after the reloads; of
    /// each the earliest, for probes leave late on a busy machine, and never early.
    /// </summary>
    private static double PhaseMove(StoredSample[] samples, List<DateTimeOffset> reloads)
    {
        var origin = samples[0];
        double Off(StoredSample sample) =>
            (sample.SentAt - origin.SentAt).TotalMilliseconds - (1_000.0 * (sample.Round - origin.Round));
        return Math.Abs(
            samples.Where(sample => sample.SentAt < reloads[0]).Min(Off)
            - samples.Where(sample => sample.SentAt > reloads[^1]).Min(Off));
    }
}
