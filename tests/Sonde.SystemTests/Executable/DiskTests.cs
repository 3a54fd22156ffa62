using System.Net;
using Xunit;

namespace Sonde.SystemTests.Executable;

/// <summary>A data directory that takes nothing, for a while or from the start.</summary>
public sealed class DiskTests(ITestOutputHelper output)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_full_disk_is_told_everywhere_and_all_is_stored_once_there_is_room()
    {
        using var folder = new WorkFolder("defaults: {interval: 500ms}\ntargets:\n" + WorkFolder.Loopback(200));
        await using var disk = await SmallDisk.MountOrSkipAsync(folder.Data, "4m");
        await using var run = await SondeRun.StartAsync(folder, Token);
        await run.AwaitFirstSamplesAsync();
        Assert.Equal((200, "ready\n"), await run.ReadyAsync());

        disk.Fill();
        var unready = await run.AwaitReadyAsync(503);
        await run.AwaitProgressAsync();
        await run.AwaitProgressAsync();
        var page = WebUtility.HtmlDecode(await run.OverviewAsync());
        disk.Free();
        await run.AwaitReadyAsync(200);
        await run.AwaitLogAsync("The store works again");
        await run.AwaitProgressAsync();
        Assert.Equal(0, await run.StopAsync());

        var sentence = $"The disk that holds {folder.Data}/sonde.db is full: free some space.";
        Assert.Contains(sentence, unready, StringComparison.Ordinal);
        Assert.Contains(sentence, page, StringComparison.Ordinal);
        Assert.Single(run.Log, line => line.Contains(sentence, StringComparison.Ordinal));
        await AssertWithoutGapAsync(folder, 200);
    }

    [Fact]
    public async Task A_read_only_directory_from_the_start_is_told_everywhere_and_all_is_stored_once_it_is_writable()
    {
        using var folder = new WorkFolder("defaults: {interval: 500ms}\ntargets:\n" + WorkFolder.Loopback(10));
        await using var disk = await SmallDisk.MountOrSkipAsync(folder.Data, "16m");
        await disk.RemountAsync("ro");

        await using var run = await SondeRun.StartAsync(folder, Token);
        var unready = await run.AwaitReadyAsync(503);
        await run.AwaitFirstSamplesAsync();
        await run.AwaitProgressAsync();
        var page = WebUtility.HtmlDecode(await run.OverviewAsync());
        await disk.RemountAsync("rw");
        await run.AwaitReadyAsync(200);
        await run.AwaitProgressAsync();
        Assert.Equal(0, await run.StopAsync());

        Assert.Contains(folder.Data, unready, StringComparison.Ordinal);
        Assert.Contains("cannot be written", unready, StringComparison.Ordinal);
        Assert.Contains("cannot be written", page, StringComparison.Ordinal);
        Assert.Contains(run.Log, line => line.Contains("cannot be written", StringComparison.Ordinal));
        await AssertWithoutGapAsync(folder, 10);
    }

    [Fact]
    public async Task A_directory_of_another_user_is_told_everywhere_and_all_is_stored_once_it_is_given_away()
    {
        using var folder = new WorkFolder("defaults: {interval: 500ms}\ntargets:\n" + WorkFolder.Loopback(10));
        folder.OpenToAll();
        Directory.CreateDirectory(folder.Data);
        await using var run = SondeRun.Launch(
            folder, Rights.OfNobodyOrSkip("net_raw"), Token, "--listen", "127.0.0.1:0");

        await run.AwaitAddressAsync();
        var unready = await run.AwaitReadyAsync(503);
        await run.AwaitFirstSamplesAsync();
        var given = await SondeCommand.RunProgramAsync("chown", ["nobody", folder.Data], null, Token);
        Assert.True(given.ExitCode == 0, given.Errors);
        await run.AwaitReadyAsync(200);
        await run.AwaitProgressAsync();
        Assert.Equal(0, await run.StopAsync());

        Assert.Contains("cannot be written by this user: give it away with chown", unready, StringComparison.Ordinal);
        await AssertWithoutGapAsync(folder, 10);
    }

    [Fact]
    public async Task A_directory_that_is_removed_is_told_everywhere_and_made_anew_and_nothing_is_lost_after_that()
    {
        using var folder = new WorkFolder("defaults: {interval: 500ms}\ntargets:\n" + WorkFolder.Loopback(10));
        await using var run = await SondeRun.StartAsync(folder, Token);
        await run.AwaitFirstSamplesAsync();

        Directory.Delete(folder.Data, recursive: true);
        var gone = DateTimeOffset.UtcNow;
        var unready = await run.AwaitReadyAsync(503);
        await run.AwaitReadyAsync(200);
        await run.AwaitLogAsync("The store works again");
        await run.AwaitProgressAsync();
        Assert.Equal(0, await run.StopAsync());

        var sentence = $"The data directory {folder.Data}, or the store in it, was removed";
        Assert.Contains(sentence, unready, StringComparison.Ordinal);
        Assert.Contains(run.Log, line => line.Contains(sentence, StringComparison.Ordinal));
        await AssertWithoutGapAsync(folder, 10);
        Assert.All(
            await StoredSample.ExportByCheckAsync(folder.Data, Token),
            samples => Assert.True(samples.First().SentAt < gone + TimeSpan.FromSeconds(1), "the first ones are missing"));
    }

    [Fact]
    public async Task A_directory_that_another_run_took_is_told_and_all_is_stored_once_that_one_ends()
    {
        using var folder = new WorkFolder("defaults: {interval: 500ms}\ntargets:\n" + WorkFolder.Loopback(10));
        await using var run = await SondeRun.StartAsync(folder, Token);
        await run.AwaitFirstSamplesAsync();
        Signal.Send(run.Process, Signal.Stop);   // otherwise it makes the directory anew before the other one starts
        Directory.Move(folder.Data, folder["away"]);
        await using var other = await SondeRun.StartAsync(folder, Token);
        await other.AwaitFirstSamplesAsync();
        Signal.Send(run.Process, Signal.Continue);

        await run.AwaitLogAsync("Another sonde process uses the data directory");
        Assert.Equal(503, (await run.ReadyAsync()).Status);
        Assert.Equal(0, await other.StopAsync());
        await run.AwaitReadyAsync(200);
        await run.AwaitProgressAsync();
        Assert.Equal(0, await run.StopAsync());

        var stored = await StoredSample.ExportByCheckAsync(folder.Data, Token);
        Assert.All(stored, samples => Assert.Equal(2, samples.Select(sample => sample.Round >> 32).Distinct().Count()));
        Assert.All(stored, samples => Assert.Equal(samples.Count(), samples.DistinctBy(sample => sample.Round).Count()));
    }

    [Fact]
    public async Task What_a_read_only_directory_cannot_take_is_counted_at_the_end_with_the_reason()
    {
        using var folder = new WorkFolder("defaults: {interval: 500ms}\ntargets:\n" + WorkFolder.Loopback(10));
        await using var disk = await SmallDisk.MountOrSkipAsync(folder.Data, "16m");
        await disk.RemountAsync("ro");

        await using var run = await SondeRun.StartAsync(folder, Token);
        await run.AwaitFirstSamplesAsync();
        Assert.Equal(0, await run.StopAsync());

        Assert.DoesNotContain(run.Log, line => line.Contains("works again", StringComparison.Ordinal));
        Assert.Single(run.Log, line => line.Contains("The store takes no samples", StringComparison.Ordinal));
        var lost = Assert.Single(
            run.Log, line => line.Contains("samples could not be stored and are lost", StringComparison.Ordinal));
        Assert.Contains($"{folder.Data}/spool could not be written", lost, StringComparison.Ordinal);
        Assert.Contains($"The data directory {folder.Data} cannot be written", lost, StringComparison.Ordinal);
    }

    private async Task AssertWithoutGapAsync(WorkFolder folder, int checks)
    {
        var stored = await StoredSample.ExportByCheckAsync(folder.Data, Token);
        output.WriteLine($"{stored.Sum(samples => samples.Count())} samples of {stored.Count} checks");
        Assert.Equal(checks, stored.Count);
        Assert.All(stored, samples => Assert.Equal(
            Enumerable.Range(0, samples.Count()).Select(n => samples.First().Round + n),
            samples.Select(sample => sample.Round)));
    }
}
