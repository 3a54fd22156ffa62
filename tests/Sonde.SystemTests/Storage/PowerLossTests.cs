using System.ComponentModel;
using System.Diagnostics;
using Xunit;

namespace Sonde.SystemTests.Storage;

/// <summary>Throws away what was not synced when a batch was acknowledged, which a power cut does and kill -9 does not.</summary>
public sealed class PowerLossTests : IDisposable
{
    private const int Batches = 1_500;
    private readonly string _work = Directory.CreateTempSubdirectory("sonde-power-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_work, recursive: true);

    [Fact]
    public async Task What_was_acknowledged_before_a_power_cut_is_there_exactly_once()
    {
        var cuts = Environment.GetEnvironmentVariable("SONDE_SOAK") == "1" ? 200 : 20;
        var (steps, marks) = await RecordAsync();
        Assert.True(marks.Count == Batches, $"{marks.Count} of {Batches} acknowledgements were recorded");
        var seed = Environment.TickCount;
        var random = new Random(seed);
        // The first acknowledgements too: they rest on new files, whose names must be synced.
        int[] cutAt = [0, 1, .. Enumerable.Range(2, cuts - 2).Select(_ => random.Next(Batches))];
        Array.Sort(cutAt);
        var disk = new RecordedDisk(Path.Combine(_work, "data"));
        var played = 0;

        foreach (var (cut, number) in cutAt.Select((cut, number) => (cut, number)))
        {
            // Anywhere between this acknowledgement and the next one.
            var until = marks[cut] + random.Next(cut + 1 < Batches ? marks[cut + 1] - marks[cut] : 1);
            for (; played <= until; played++)
            {
                disk.Play(steps[played]);
            }
            var acknowledged = marks.Take(cut + 1).Select(mark => BitConverter.ToInt64(steps[mark].Content)).ToList();
            await AssertSurvivesAsync(disk, acknowledged, _ => 0, false, $"cut {number}, nothing unsynced left (seed {seed})");
            await AssertSurvivesAsync(disk, acknowledged, Torn(random), true, $"cut {number}, parts left (seed {seed})");
            await AssertSurvivesAsync(disk, acknowledged, length => length, true, $"cut {number}, all left (seed {seed})");
        }
    }

    [Fact]
    public async Task A_disk_that_loses_synced_writes_fails_this_test()
    {
        var (steps, marks) = await RecordAsync();
        var disk = new RecordedDisk(Path.Combine(_work, "data"));
        foreach (var step in steps.Take(marks[200]).Where((step, n) => step.Operation != 's' || n < marks[100]))
        {
            disk.Play(step);
        }
        var acknowledged = marks.Take(200).Select(mark => BitConverter.ToInt64(steps[mark].Content)).ToList();

        await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(
            () => AssertSurvivesAsync(disk, acknowledged, _ => 0, false, "syncs left out"));
    }

    private async Task AssertSurvivesAsync(
        RecordedDisk disk, List<long> acknowledged, Func<int, int> mayRemain, bool namesAreDurable, string when)
    {
        var after = Directory.CreateDirectory(Path.Combine(_work, "after")).FullName;
        disk.CutPower(after, mayRemain, namesAreDurable);
        await AppendedBatch.AssertStoredAsync(after, acknowledged, when);
        Directory.Delete(after, recursive: true);
    }

    // A disk writes whole sectors; which of the unsynced ones got there is chance.
    private static Func<int, int> Torn(Random random) => length => random.Next(3) switch
    {
        0 => 0,
        1 => length,
        _ => length == 1 ? random.Next(2) : random.Next((length / 512) + 1) * 512,
    };

    private async Task<(List<DiskStep> Steps, List<int> Marks)> RecordAsync()
    {
        var data = Directory.CreateDirectory(Path.Combine(_work, "data")).FullName;
        var record = Path.Combine(_work, "record");
        var mark = Path.Combine(data, "acknowledged");
        using var process = AppendingProcess.Start(data, Batches, mark, new()
        {
            ["LD_PRELOAD"] = await CompileRecorderAsync(),
            ["SONDE_RECORD_DIR"] = data,
            ["SONDE_RECORD_TO"] = record,
        });
        await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        Assert.Equal(0, process.ExitCode);
        var steps = RecordedDisk.ReadSteps(record);
        return (steps, [.. Enumerable.Range(0, steps.Count).Where(n => steps[n].Path == mark && steps[n].Operation == 'w')]);
    }

    private async Task<string> CompileRecorderAsync()
    {
        var source = Path.Combine(AppContext.BaseDirectory, "Storage", "recorder.c");
        var library = Path.Combine(_work, "recorder.so");
        try
        {
            using var compiler = Process.Start("gcc", ["-O1", "-shared", "-fPIC", "-o", library, source, "-ldl", "-lpthread"]);
            await compiler.WaitForExitAsync(Token);
            Assert.Equal(0, compiler.ExitCode);
        }
        catch (Win32Exception)
        {
            Assert.Skip("gcc is needed to record what is synced: apt-get install gcc");
        }
        return library;
    }
}
