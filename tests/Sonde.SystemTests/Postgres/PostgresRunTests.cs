using System.Net;
using Sonde.Samples;
using Sonde.Storage.Sql;
using Sonde.SystemTests.Executable;
using Xunit;

namespace Sonde.SystemTests.Postgres;

/// <summary>The real <c>sonde run</c> with a real PostgreSQL that goes away and comes back.</summary>
public sealed class PostgresRunTests(ITestOutputHelper output)
{
    private const int Targets = 100;

    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(
        Environment.GetEnvironmentVariable("SONDE_SOAK") == "1" ? 60 : 8);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_crashes_under_load_costs_no_sample_and_all_follow_when_it_is_back()
    {
        await using var server = await PostgresServer.StartOrSkipAsync(Token);
        var database = await server.CreateDatabaseAsync(Token);
        using var folder = Folder(server.Address(database));
        await using var run = await SondeRun.StartAsync(folder, Token);
        await run.AwaitFirstSamplesAsync();
        Assert.Equal((200, "ready\n"), await run.ReadyAsync());

        await server.CrashAsync(Token);
        var unready = await run.AwaitReadyAsync(503);
        await MeasureForAsync(run, Outage);
        var page = WebUtility.HtmlDecode(await run.OverviewAsync());
        var spooled = Directory.GetFiles(Path.Combine(folder.Data, "spool"));
        await server.StartAsync(Token);
        await run.AwaitReadyAsync(200);
        await run.AwaitLogAsync("The store works again");
        await run.AwaitProgressAsync();
        Assert.Equal(0, await run.StopAsync());

        var sentence = $"{server.Shown(database)} cannot be reached (Connection refused): start the server";
        Assert.Contains("cannot be reached", unready, StringComparison.Ordinal);
        Assert.Contains(sentence, page, StringComparison.Ordinal);
        Assert.NotEmpty(spooled);
        Assert.Empty(Directory.GetFiles(Path.Combine(folder.Data, "spool")));
        AssertWithoutGap(server, database);
        AssertNoPassword(run, unready, page);
    }

    [Fact]
    public async Task What_was_spooled_survives_kill_9_while_the_server_is_away()
    {
        await using var server = await PostgresServer.StartOrSkipAsync(Token);
        var database = await server.CreateDatabaseAsync(Token);
        using var folder = Folder(server.Address(database));
        await using (var run = await SondeRun.StartAsync(folder, Token))
        {
            await run.AwaitFirstSamplesAsync();
            await server.CrashAsync(Token);
            await run.AwaitReadyAsync(503);
            await MeasureForAsync(run, StoreBuffer.RemoteMaxAge * 2);
            run.Process.Kill();
        }
        var killedAt = DateTimeOffset.UtcNow;
        await server.StartAsync(Token);

        await using var next = await SondeRun.StartAsync(folder, Token);
        await next.AwaitProgressAsync();
        await next.AwaitReadyAsync(200);
        await Eventually.BecomesTrueAsync(
            () => Task.FromResult(Directory.GetFiles(Path.Combine(folder.Data, "spool")).Length == 0),
            "the spool is stored", next.Told, Token);
        Assert.Equal(0, await next.StopAsync());

        var lastOfFirst = Read(server, database).SelectMany(check => check)
            .Where(sample => RunNumber.Of(sample.Round) == 1).Max(sample => sample.SentAtMilliseconds);
        var missing = killedAt - DateTimeOffset.FromUnixTimeMilliseconds(lastOfFirst);
        output.WriteLine($"kill -9 cost the last {missing.TotalSeconds:F1} s");
        Assert.InRange(missing, TimeSpan.Zero, StoreBuffer.RemoteMaxAge + TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task After_a_failover_the_standby_has_all_and_takes_the_rest()
    {
        await using var primary = await PostgresServer.StartOrSkipAsync(Token);
        var database = await primary.CreateDatabaseAsync(Token);
        await using var standby = await primary.StartStandbyAsync("second", Token);
        await primary.ReplicateSynchronouslyAsync("second", Token);
        var hosts = $"127.0.0.1:{primary.Port},127.0.0.1:{standby.Port}";
        using var folder = Folder(primary.Address(database)
            .Replace($"127.0.0.1:{primary.Port}", hosts, StringComparison.Ordinal));
        await using var run = await SondeRun.StartAsync(folder, Token);
        await run.AwaitFirstSamplesAsync();
        await run.AwaitProgressAsync();

        await primary.CrashAsync(Token);
        await run.AwaitReadyAsync(503);
        await MeasureForAsync(run, TimeSpan.FromSeconds(2));
        await standby.PromoteAsync(Token);
        await run.AwaitReadyAsync(200);
        await run.AwaitProgressAsync();
        Assert.Equal(0, await run.StopAsync());

        AssertWithoutGap(standby, database);
        AssertNoPassword(run);
    }

    [Fact]
    public async Task A_wrong_password_is_told_everywhere_without_it_and_all_is_stored_once_it_is_right()
    {
        await using var server = await PostgresServer.StartOrSkipAsync(Token);
        var database = await server.CreateDatabaseAsync(Token);
        using var folder = Folder(server.Address(database, "WRONG-PASSWORD"));

        await using var run = await SondeRun.StartAsync(folder, Token);
        var unready = await run.AwaitReadyAsync(503);
        await run.AwaitFirstSamplesAsync();
        var page = WebUtility.HtmlDecode(await run.OverviewAsync());
        await server.ExecuteAsync($"ALTER ROLE {PostgresServer.User} PASSWORD 'WRONG-PASSWORD'", Token);
        await run.AwaitReadyAsync(200);
        await run.AwaitProgressAsync();
        Assert.Equal(0, await run.StopAsync());

        await server.ExecuteAsync(
            $"ALTER ROLE {PostgresServer.User} PASSWORD '{PostgresServer.Password}'", Token);   // for reading
        Assert.Contains($"{server.Shown(database)} refuses the password", unready, StringComparison.Ordinal);
        Assert.Contains("refuses the password", page, StringComparison.Ordinal);
        AssertWithoutGap(server, database);
        AssertNoPassword(run, unready, page);
    }

    [Fact]
    public async Task A_second_run_on_the_same_database_is_refused_in_words()
    {
        await using var server = await PostgresServer.StartOrSkipAsync(Token);
        var database = await server.CreateDatabaseAsync(Token);
        using var folder = Folder(server.Address(database));
        using var otherFolder = Folder(server.Address(database));
        await using var run = await SondeRun.StartAsync(folder, Token);
        await run.AwaitFirstSamplesAsync();

        await using var second = SondeRun.Launch(otherFolder, [], Token, "--listen", "127.0.0.1:0");

        Assert.Equal(1, await second.AwaitEndAsync());
        Assert.Contains(
            second.Log, line => line.StartsWith($"sonde: Another sonde process writes {server.Shown(database)}", StringComparison.Ordinal));
        await run.AwaitProgressAsync();
        Assert.Equal(0, await run.StopAsync());
        AssertWithoutGap(server, database);
    }

    [Fact]
    public async Task An_export_reads_the_database_that_the_configuration_names_also_beside_the_run()
    {
        await using var server = await PostgresServer.StartOrSkipAsync(Token);
        var database = await server.CreateDatabaseAsync(Token);
        using var folder = Folder(server.Address(database));
        await using var run = await SondeRun.StartAsync(folder, Token);
        await run.AwaitProgressAsync();
        await run.AwaitProgressAsync();

        var export = await SondeCommand.RunAsync(Token, "export", "--config", folder.ConfigurationFile);
        var empty = await server.CreateDatabaseAsync(Token);
        folder.Write($"storage: {server.Address(empty)}\ntargets: [127.0.0.1]\n");
        var nothing = await SondeCommand.RunAsync(Token, "export", "--config", folder.ConfigurationFile);

        Assert.True(export.ExitCode == 0, export.Errors);
        var checks = export.Lines.Skip(1).Select(StoredSample.Parse).ToLookup(sample => sample.Check);
        Assert.Equal(Targets, checks.Count);
        Assert.All(checks, samples => Assert.Equal(
            Enumerable.Range(0, samples.Count()).Select(n => samples.First().Round + n), samples.Select(sample => sample.Round)));
        Assert.Equal(2, nothing.ExitCode);
        Assert.StartsWith($"There is no store in {server.Shown(empty)}", nothing.Errors, StringComparison.Ordinal);
    }

    private static WorkFolder Folder(string address) =>
        new($"storage: {address}\ndefaults: {{interval: 250ms}}\ntargets:\n" + WorkFolder.Loopback(Targets));

    private static async Task MeasureForAsync(SondeRun run, TimeSpan time)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < time)
        {
            await run.AwaitProgressAsync();
        }
    }

    // every check has a sample of each round, once, from its first to its last
    private static void AssertWithoutGap(PostgresServer server, string database)
    {
        var checks = Read(server, database);
        Assert.Equal(Targets, checks.Count);
        Assert.All(checks, samples => Assert.Equal(
            Enumerable.Range(0, samples.Count).Select(n => samples[0].Round + n), samples.Select(sample => sample.Round)));
    }

    private static List<List<Sample>> Read(PostgresServer server, string database)
    {
        using var snapshot = StoreSnapshot.Open(server.Database(database));
        var checks = snapshot.Series
            .Select(series => snapshot.Read(series, long.MinValue, long.MaxValue).SelectMany(batch => batch).ToList())
            .ToList();
        Assert.Empty(snapshot.Damage);
        return checks;
    }

    private static void AssertNoPassword(SondeRun run, params string[] shown)
    {
        var all = string.Join('\n', [.. run.Log, .. run.Output, .. shown]);
        Assert.DoesNotContain(PostgresServer.Password, all, StringComparison.Ordinal);
        Assert.DoesNotContain("WRONG-PASSWORD", all, StringComparison.Ordinal);
    }
}
