using Xunit;

namespace Sonde.SystemTests.Executable;

/// <summary>What the verbs do when nobody takes their output: a full disk, a reader that has gone.</summary>
public sealed class OutputTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("check")]
    [InlineData("check --json")]
    [InlineData("ping -c 1 127.0.0.1")]
    [InlineData("ping -c 1 --json 127.0.0.1")]
    [InlineData("export")]
    [InlineData("ping --help")]
    public async Task On_a_full_disk_it_says_so_in_a_sentence(string words)
    {
        using var folder = await FolderWithSamplesAsync();

        var full = await ShellAsync(folder, $"\"$0\" {words} >/dev/full");

        Assert.Equal((1, ""), (full.ExitCode, full.Output));
        Assert.Equal("standard output cannot be written: No space left on device\n", full.Errors);
    }

    [Theory]
    [InlineData("check")]
    [InlineData("check --json")]
    [InlineData("ping -c 1 127.0.0.1")]
    [InlineData("ping -c 1 --json 127.0.0.1")]
    [InlineData("export")]
    [InlineData("ping --help")]
    public async Task When_the_reader_has_gone_it_ends_without_a_word(string words)
    {
        using var folder = await FolderWithSamplesAsync();

        // the reader opens the pipe, closes it, and only then the writer begins
        var gone = await ShellAsync(
            folder, $"mkfifo pipe; exec 3<>pipe; exec 4>pipe; exec 3<&-; \"$0\" {words} >&4");

        Assert.Equal((1, "", ""), (gone.ExitCode, gone.Output, gone.Errors));
    }

    [Theory]
    [InlineData("ping -c x 127.0.0.1")]
    [InlineData("ping 127.0.0.1:70000 127.0.0.1:0 'bad host' '' host: '[::1'")]
    [InlineData("ping")]
    [InlineData("nonsense")]
    [InlineData("")]
    public async Task Bad_usage_leaves_stdout_empty(string words)
    {
        using var folder = new WorkFolder();

        var bad = await ShellAsync(folder, $"\"$0\" {words}");

        Assert.Equal((2, ""), (bad.ExitCode, bad.Output));
        Assert.NotEmpty(bad.Errors);
    }

    [Fact]
    public async Task What_it_writes_stands_behind_what_stood_in_a_file()
    {
        using var folder = new WorkFolder("targets: [127.0.0.1]\n");

        var both = await ShellAsync(folder, "(echo before; \"$0\" check --json; echo after) > out; cat out");

        Assert.Equal(3, both.Lines.Count);
        Assert.Equal(("before", "after"), (both.Lines[0], both.Lines[2]));
    }

    private static async Task<WorkFolder> FolderWithSamplesAsync()
    {
        var folder = new WorkFolder("targets:\n" + WorkFolder.Loopback(1));
        await using var run = await SondeRun.StartAsync(folder, Token);
        await run.AwaitFirstSamplesAsync();
        Assert.Equal(0, await run.StopAsync());
        return folder;
    }

    private static Task<SondeCommand> ShellAsync(WorkFolder folder, string script) =>
        SondeCommand.RunProgramAsync("sh", ["-c", script, SondeExecutable.PathOrSkip()], folder.FullPath, Token);
}
