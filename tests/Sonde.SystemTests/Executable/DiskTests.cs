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
