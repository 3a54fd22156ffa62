using System.Diagnostics;
using System.Globalization;
using Sonde.SystemTests.Storage;
using Xunit;

namespace Sonde.SystemTests.Executable;

/// <summary><c>sonde store …</c> as processes: beside a run, killed, on disks that are full or read-only.</summary>
public sealed class StoreTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Beside_a_run_info_verify_and_backup_work_and_forget_and_compact_say_what_to_do()
    {
        using var folder = new WorkFolder(
            "defaults: {interval: 100ms, packets: 2}\nretention: {raw: {size: 1MB}}\ntargets:\n" + WorkFolder.Loopback(20));
        await using var run = await SondeRun.StartAsync(folder, Token);
        await run.AwaitFirstSamplesAsync();
        var copy = Path.Combine(folder.FullPath, "copy/");

        var info = await SondeCommand.RunAsync(Token, "store", "info", "--data", folder.Data);
        var verify = await SondeCommand.RunAsync(Token, "store", "verify", "--data", folder.Data);
        var backup = await SondeCommand.RunAsync(Token, "store", "backup", copy, "--data", folder.Data);
        var compact = await SondeCommand.RunAsync(Token, "store", "compact", "--data", folder.Data);
        var forget = await SondeCommand.RunAsync(Token, "store", "forget", "icmp-host-7", "--data", folder.Data);
        var verifyCopy = await SondeCommand.RunAsync(Token, "store", "verify", "--data", copy);
        Assert.Equal(0, await run.StopAsync());
        var forgotten = await SondeCommand.RunAsync(Token, "store", "forget", "icmp-host-7", "--data", folder.Data);
        var left = await StoredSample.ExportAsync(folder.Data, Token);

        Assert.Equal((0, 0, 0, 0), (info.ExitCode, verify.ExitCode, backup.ExitCode, verifyCopy.ExitCode));
        Assert.Equal((2, 2), (compact.ExitCode, forget.ExitCode));
        Assert.Contains("Stop 'sonde run' first", compact.Errors, StringComparison.Ordinal);
        Assert.NotEmpty(await StoredSample.ExportAsync(copy, Token));
        Assert.True(forgotten.ExitCode == 0, forgotten.Errors);
        Assert.DoesNotContain(left, sample => sample.Check == "icmp-host-7");
        Assert.Contains(left, sample => sample.Check == "icmp-host-8");
    }

    [Fact]
    public async Task A_compaction_that_is_killed_or_has_no_room_leaves_every_sample_and_another_one_ends_it()
    {
        using var folder = new WorkFolder();
        var data = Path.Combine(folder.FullPath, "disk");
        await using var disk = await SmallDisk.MountOrSkipAsync(data, "64m");
        var rounds = await AppendAsync(data, 3_000);

        var random = new Random(1);
        for (var kill = 0; kill < 6; kill++)
        {
            using var compact = Process.Start(SondeCommand.Describe(
                SondeExecutable.PathOrSkip(), ["store", "compact", "--data", data], null))!;
            while (!compact.HasExited && !File.Exists(Path.Combine(data, "sonde.db.compacting")))
            {
                Thread.Yield();
            }
            Thread.SpinWait(random.Next(3_000_000));   // somewhere within the writing, or right after it
            compact.Kill();
            await compact.WaitForExitAsync(Token);
            await AppendedBatch.AssertStoredAsync(data, rounds, $"kill {kill}");
        }
        disk.Fill();
        var refused = await SondeCommand.RunAsync(Token, "store", "compact", "--data", data);
        disk.Free();
        var compacted = await SondeCommand.RunAsync(Token, "store", "compact", "--data", data);

        Assert.Equal(1, refused.ExitCode);
        Assert.Matches("needs room for a copy|is full", refused.Errors);
        Assert.DoesNotContain("   at ", refused.Errors, StringComparison.Ordinal);
        Assert.True(compacted.ExitCode == 0, compacted.Errors);
        await AppendedBatch.AssertStoredAsync(data, rounds, "compacted");
        Assert.Equal(["sonde.db", "sonde.lock"], Directory.GetFiles(data).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task On_a_read_only_disk_info_verify_and_backup_work_and_the_others_say_why_not()
    {
        using var folder = new WorkFolder();
        var data = Path.Combine(folder.FullPath, "disk");
        await using var disk = await SmallDisk.MountOrSkipAsync(data, "64m");
        await AppendAsync(data, 700);
        await disk.RemountAsync("ro");

        var info = await SondeCommand.RunAsync(Token, "store", "info", "--data", data);
        var verify = await SondeCommand.RunAsync(Token, "store", "verify", "--data", data);
        var backup = await SondeCommand.RunAsync(Token, "store", "backup", Path.Combine(folder.FullPath, "b.db"), "--data", data);
        var compact = await SondeCommand.RunAsync(Token, "store", "compact", "--data", data);
        var full = await SondeCommand.RunAsync(Token, "store", "backup", Path.Combine(data, "b.db"), "--data", data);

        Assert.Equal(
            (0, 0, 0, 1, 1), (info.ExitCode, verify.ExitCode, backup.ExitCode, compact.ExitCode, full.ExitCode));
        Assert.Contains("cannot be written", compact.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", compact.Errors + full.Errors, StringComparison.Ordinal);
    }

    private static async Task<List<long>> AppendAsync(string data, int batches)
    {
        var rounds = new List<long>();
        using var process = AppendingProcess.Start(data, batches);
        while (await process.StandardOutput.ReadLineAsync(Token) is { } line)
        {
            rounds.Add(long.Parse(line, CultureInfo.InvariantCulture));
        }
        await process.WaitForExitAsync(Token);
        Assert.Equal(batches, rounds.Count);
        return rounds;
    }
}
