using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace Sonde.SystemTests.Executable;

/// <summary><c>sonde import</c> of what a run stored, of much, and from a pipe.</summary>
public sealed class ImportTests(ITestOutputHelper output)
{
    // Twice a lost sample of every 50 bytes would fill it: so nothing of a sample stays in memory.
    private const string MostManagedMemory = "0x5000000"; // 80 MB

    private const long MostMemory = 260_000_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_run_stored_goes_to_another_directory_where_the_next_run_goes_on_without_a_mark()
    {
        using var folder = new WorkFolder("defaults: {interval: 100ms}\ntargets:\n" + WorkFolder.Loopback(20));
        await RunForAWhileAsync(folder);
        using var other = new WorkFolder("defaults: {interval: 100ms}\ntargets:\n" + WorkFolder.Loopback(20));
        var file = folder["samples.csv"];
        var before = await SondeCommand.RunAsync(Token, "export", "--data", folder.Data);
        await File.WriteAllTextAsync(file, before.Output, Token);

        var import = await SondeCommand.RunAsync(Token, "import", file, "--data", other.Data, "--json");
        var after = await SondeCommand.RunAsync(Token, "export", "--data", other.Data);
        var one = await StoredSample.ExportAsync(other.Data, Token, "--target", "icmp-host-7");
        await RunForAWhileAsync(other);

        Assert.Equal(0, import.ExitCode);
        Assert.Equal(before.Lines.Count - 1, import.Objects.Single().GetProperty("samples").GetInt64());
        Assert.Equal(before.Output, after.Output);
        Assert.NotEmpty(one);
        Assert.DoesNotContain(
            StoredSample.ReadMarks(other.Data), mark => mark.Text.Contains("address", StringComparison.Ordinal));
        Assert.ProperSubset(
            (await StoredSample.ExportAsync(other.Data, Token)).ToHashSet(), before.Lines.Skip(1).Select(StoredSample.Parse).ToHashSet());
    }

    [Fact]
    public async Task While_a_run_uses_the_directory_it_is_refused_and_nothing_is_lost()
    {
        using var folder = new WorkFolder("targets:\n" + WorkFolder.Loopback(1));
        await using var run = await SondeRun.StartAsync(folder, Token);
        await run.AwaitFirstSamplesAsync();
        await File.WriteAllTextAsync(folder["a.csv"], "2026-01-01 00:00:00,12\n", Token);

        var import = await SondeCommand.RunAsync(
            Token, "import", folder["a.csv"], "--data", folder.Data, "--time", "1", "--value", "2");

        Assert.Equal(1, import.ExitCode);
        Assert.Contains("Stop 'sonde run', import, and start it again", import.Errors, StringComparison.Ordinal);
        Assert.Equal(0, await run.StopAsync());
        Assert.All(await StoredSample.ExportAsync(folder.Data, Token), sample => Assert.Equal("icmp-host-1", sample.Check));
    }

    [Fact]
    public async Task Two_million_samples_come_in_and_go_out_through_pipes_in_bounded_memory()
    {
        const int Series = 100, Each = 20_000;
        using var folder = new WorkFolder();
        using var import = Start("import", "-", "--data", folder.Data);
        var errors = import.StandardError.ReadToEndAsync(Token);
        await import.StandardInput.WriteAsync(StoredSample.Header + "\n");
        for (var series = 0; series < Series; series++)
        {
            await import.StandardInput.WriteAsync(Lines(series, Each));
        }
        await import.StandardInput.FlushAsync(Token);
        var importMemory = PeakMemory(import);  // all but the last few lines are read
        import.StandardInput.Close();
        await import.WaitForExitAsync(Token);
        Assert.True(import.ExitCode == 0, await errors);

        using var export = Start("export", "--data", folder.Data);
        Assert.Equal(StoredSample.Header, await export.StandardOutput.ReadLineAsync(Token));
        var exportMemory = 0L;
        for (var series = 0; series < Series; series++)
        {
            foreach (var expected in Lines(series, Each).Split('\n')[..^1])
            {
                Assert.Equal(expected, await export.StandardOutput.ReadLineAsync(Token));
            }
            exportMemory = series == Series - 2 ? PeakMemory(export) : exportMemory;
        }
        Assert.Null(await export.StandardOutput.ReadLineAsync(Token));
        await export.WaitForExitAsync(Token);

        output.WriteLine($"import: {importMemory / 1_000_000} MB, export: {exportMemory / 1_000_000} MB at most");
        Assert.Equal(0, export.ExitCode);
        Assert.InRange(importMemory, 1, MostMemory);
        Assert.InRange(exportMemory, 1, MostMemory);
    }

    private static async Task RunForAWhileAsync(WorkFolder folder)
    {
        await using var run = await SondeRun.StartAsync(folder, Token);
        await run.AwaitFirstSamplesAsync();
        await run.AwaitProgressAsync();
        Assert.Equal(0, await run.StopAsync());
    }

    private static Process Start(params IEnumerable<string> arguments)
    {
        var start = SondeCommand.Describe(SondeExecutable.PathOrSkip(), arguments, null);
        start.Environment["DOTNET_GCHeapHardLimit"] = MostManagedMemory;
        return Process.Start(start)!;
    }

    // In the order of an export, which is that of the ids.
    private static string Lines(int series, int count) => string.Concat(Enumerable.Range(0, count).Select(n => string.Create(
        CultureInfo.InvariantCulture,
        $"icmp-host-{series:000},local,4,rtt,{n},0,2026-01-0{1 + (n / 86_400)}T{n / 3_600 % 24:00}:{n / 60 % 60:00}:{n % 60:00}.000Z,"
            + $"{(n % 100 == 0 ? "" : 20_000 + (n * 7_919 % 500))},us,{(n % 100 == 0 ? "timeout" : "")},false,0,57\n")));

    private static long PeakMemory(Process process)
    {
        var line = File.ReadLines($"/proc/{process.Id}/status").Single(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
        return 1_024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
