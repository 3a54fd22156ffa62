using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Sonde.SystemTests.Executable;

/// <summary><c>sonde run</c> from its start to its end, however it ends.</summary>
public sealed class RunTests(ITestOutputHelper output)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_sample_is_stored_soon_after_the_start()
    {
        var times = new List<TimeSpan>();
        for (var start = 0; start < 3; start++)
        {
            using var folder = new WorkFolder("targets:\n" + WorkFolder.Loopback(20));
            var time = Stopwatch.StartNew();
            await using var run = SondeRun.Launch(folder, [], Token, "--listen", "127.0.0.1:0");
            await Eventually.BecomesTrueAsync(
                () => Task.FromResult(HasSample(folder.Data)), "a stored sample", run.Told, Token);
            times.Add(time.Elapsed);
            await run.AwaitAddressAsync();
            Assert.Equal(0, await run.StopAsync());
        }
        var median = times.Order().ElementAt(1);
        output.WriteLine($"first sample stored after {string.Join(", ", times.Select(t => $"{t.TotalSeconds:F2} s"))}");
        Assert.True(median < TimeSpan.FromSeconds(3), $"the median start took {median.TotalSeconds:F2} s");
    }

    [Theory]
    [InlineData(Signal.Terminate)]
    [InlineData(Signal.Interrupt)]
    public async Task A_signal_ends_it_with_0_and_everything_shown_is_in_the_export(int signal)
    {
        using var folder = new WorkFolder("defaults: {interval: 500ms}\ntargets:\n" + WorkFolder.Loopback(20));
        await using var run = await SondeRun.StartAsync(folder, Token);
        await run.AwaitFirstSamplesAsync();
        await run.AwaitProgressAsync();
        var shown = await run.TargetsAsync();

        var exitCode = await run.StopAsync(signal);

        Assert.Equal(0, exitCode);
        var stored = await StoredSample.ExportByCheckAsync(folder.Data, Token);
        Assert.All(shown.Values, row => Assert.Contains(
            stored[row.GetProperty("id").GetString()!], sample => sample.SentAt == row.LastSentAt()));
        Assert.All(stored, samples => AssertWithoutGap(samples));
    }

    [Fact]
    public async Task What_was_seen_stored_is_there_once_after_kill_9_and_round_numbers_never_repeat()
    {
        var times = Environment.GetEnvironmentVariable("SONDE_SOAK") == "1" ? 50 : 5;
        var seed = Environment.TickCount;
        var random = new Random(seed);
        using var folder = new WorkFolder("defaults: {interval: 100ms}\ntargets:\n" + WorkFolder.Loopback(200));
        for (var kill = 1; kill <= times; kill++)
        {
            await using var run = SondeRun.Launch(folder, [], Token, "--listen", "127.0.0.1:0");
            var before = LastJournal(folder.Data);
            var after = before + random.Next(1, 8);
            await Eventually.BecomesTrueAsync(
                () => Task.FromResult(LastJournal(folder.Data) >= after), "more appends", run.Told, Token);
            var seen = await StoredSample.ExportAsync(folder.Data, Token);
            Thread.SpinWait(random.Next(2_000_000));   // somewhere within what it does next
            Signal.Send(run.Process, Signal.Kill);
            await run.AwaitEndAsync();

            var stored = await StoredSample.ExportByCheckAsync(folder.Data, Token);
            var all = stored.SelectMany(samples => samples).ToHashSet();
            Assert.True(seen.All(all.Contains), $"kill {kill} (seed {seed}): a sample that was seen stored is gone");
            Assert.Equal(all.Count, all.DistinctBy(sample => sample.Identity).Count());
            Assert.All(stored, samples => Assert.All(samples.Zip(samples.Skip(1)), pair =>
                Assert.True(
                    pair.First.SentAt < pair.Second.SentAt, $"seed {seed}: {pair.First} stands before {pair.Second}")));
        }
        output.WriteLine($"{LastJournal(folder.Data)} appends over {times} kills");
    }

    [Fact]
    public async Task A_page_that_stays_open_does_not_hold_up_the_end()
    {
        using var folder = new WorkFolder("targets:\n" + WorkFolder.Loopback(1));
        await using var run = await SondeRun.StartAsync(folder, Token);
        using var live = await run.Page.GetAsync("api/v1/live", HttpCompletionOption.ResponseHeadersRead, Token);
        await using var events = await live.Content.ReadAsStreamAsync(Token);
        Assert.True(await events.ReadAsync(new byte[1], Token) > 0);
        var time = Stopwatch.StartNew();

        Assert.Equal(0, await run.StopAsync());

        output.WriteLine($"ended after {time.Elapsed.TotalSeconds:F2} s");
        Assert.True(time.Elapsed < TimeSpan.FromSeconds(4), $"it took {time.Elapsed.TotalSeconds:F2} s to end");
    }

    [Fact]
    public async Task After_a_restart_the_windows_hold_what_was_measured_before()
    {
        using var folder = new WorkFolder("defaults: {interval: 200ms}\ntargets:\n" + WorkFolder.Loopback(5));
        await using (var before = await SondeRun.StartAsync(folder, Token))
        {
            await before.AwaitFirstSamplesAsync();
            await before.AwaitProgressAsync();
            Assert.Equal(0, await before.StopAsync());
        }
        var stored = (await StoredSample.ExportByCheckAsync(folder.Data, Token))["icmp-host-1"].Count();
        folder.Write("targets:\n  - {name: host-1, address: 127.77.0.2, interval: 1h}\n");

        await using var after = await SondeRun.StartAsync(folder, Token);
        await Eventually.BecomesTrueAsync(
            async () => await SentInAnHourAsync(after) >= stored, $"{stored} samples in the window of an hour",
            after.Told, Token);

        Assert.InRange(await SentInAnHourAsync(after), stored, stored + 1);   // and perhaps the first of this run
        Assert.Equal(0, await after.StopAsync());
    }

    [Fact]
    public async Task A_second_run_on_the_same_directory_is_refused_in_words()
    {
        using var folder = new WorkFolder("targets:\n" + WorkFolder.Loopback(1));
        await using var run = await SondeRun.StartAsync(folder, Token);

        var second = await SondeCommand.RunAsync(
            Token, "run", folder.ConfigurationFile, "--data", folder.Data, "--listen", "127.0.0.1:0");

        Assert.Equal(1, second.ExitCode);
        Assert.Contains("Another sonde process uses the data directory", second.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", second.Errors, StringComparison.Ordinal);
        await run.AwaitFirstSamplesAsync();
    }

    [Fact]
    public async Task A_port_that_is_in_use_is_told_in_words()
    {
        using var folder = new WorkFolder("targets:\n" + WorkFolder.Loopback(1));
        await using var run = await SondeRun.StartAsync(folder, Token);

        var second = await SondeCommand.RunAsync(
            Token, "run", folder.ConfigurationFile, "--data", folder["other"], "--listen", run.Address.Authority);

        Assert.Equal(1, second.ExitCode);
        Assert.Equal(
            $"sonde: {run.Address.Authority} is in use by another program: end that one, or choose another address with "
            + "--listen ADDR:PORT or 'listen' in sonde.yaml.\n",
            second.Errors);
        Assert.False(Directory.Exists(folder["other"]), "it left a trace of a run that never was");
    }

    [Fact]
    public async Task A_store_of_a_newer_version_is_refused_in_words()
    {
        using var folder = new WorkFolder("targets:\n" + WorkFolder.Loopback(1));
        await using (var run = await SondeRun.StartAsync(folder, Token))
        {
            Assert.Equal(0, await run.StopAsync());
        }
        using (var connection = new SqliteConnection($"Data Source={folder.Data}/sonde.db;Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version=99";
            command.ExecuteNonQuery();
        }

        var again = await SondeCommand.RunAsync(
            Token, "run", folder.ConfigurationFile, "--data", folder.Data, "--listen", "127.0.0.1:0");

        Assert.Equal(1, again.ExitCode);
        Assert.Contains("was written by a newer sonde (store version 99", again.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_file_it_exits_with_2_and_offers_the_demonstration()
    {
        using var folder = new WorkFolder();

        var run = await SondeCommand.RunProgramAsync(SondeExecutable.PathOrSkip(), ["run"], folder.FullPath, Token);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--demo", run.Errors, StringComparison.Ordinal);
        Assert.Empty(run.Output);
        Assert.False(Directory.Exists(folder.Data));
    }

    [Fact]
    public async Task The_log_for_machines_is_json_on_stderr()
    {
        using var folder = new WorkFolder("targets:\n" + WorkFolder.Loopback(1));
        await using var run = SondeRun.Launch(folder, [], Token, "--listen", "127.0.0.1:0", "--log", "json");
        await run.AwaitLogAsync("Sonde started");

        Assert.Equal(0, await run.StopAsync());

        Assert.Contains(run.Log, line => line.StartsWith('{') && System.Text.Json.JsonDocument.Parse(line).RootElement
            .GetProperty("Message").GetString()!.Contains("Sonde started", StringComparison.Ordinal));
        Assert.Empty(run.Output);
    }

    private static async Task<long> SentInAnHourAsync(SondeRun run)
    {
        await using var body = await run.Page.GetStreamAsync("api/v1/targets/icmp-host-1", Token);
        using var details = await System.Text.Json.JsonDocument.ParseAsync(body, cancellationToken: Token);
        return details.RootElement.GetProperty("series").EnumerateArray()
            .Sum(series => series.GetProperty("windows")[2].GetProperty("sent").GetInt64());
    }

    private static void AssertWithoutGap(IEnumerable<StoredSample> samples)
    {
        var rounds = samples.Select(sample => sample.Round).ToList();
        Assert.Equal(Enumerable.Range(0, rounds.Count).Select(n => rounds[0] + n), rounds);
    }

    private static bool HasSample(string data) => LastJournal(data) > 0;

    /// <summary>The number of the newest append; 0 = none, or no store yet.</summary>
    private static long LastJournal(string data)
    {
        if (!File.Exists(Path.Combine(data, "sonde.db")))
        {
            return 0;
        }
        try
        {
            using var connection = new SqliteConnection($"Data Source={data}/sonde.db;Mode=ReadOnly;Pooling=False");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT COALESCE(MAX(seq), 0) FROM journal";
            return (long)command.ExecuteScalar()!;
        }
        catch (SqliteException)
        {
            return 0;   // it is being made
        }
    }
}
