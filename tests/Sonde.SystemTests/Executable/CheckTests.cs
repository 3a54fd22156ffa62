using Xunit;

namespace Sonde.SystemTests.Executable;

/// <summary><c>sonde check</c>: what a file holds, or what is wrong with it.</summary>
public sealed class CheckTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_good_file_is_summed_up_on_stdout()
    {
        using var folder = new WorkFolder("targets:\n  - 127.0.0.1\n  - example.com:443\ndefaults: {packets: 5}\n");

        var check = await CheckAsync(folder);

        Assert.Equal((0, ""), (check.ExitCode, check.Errors));
        Assert.Equal(
            [
                "file: sonde.yaml", "form: full", "keys: targets, defaults", "targets: 2 (1 icmp, 1 tcp)",
                "probes per second: 10",
            ],
            check.Lines.Select(line => line.StartsWith("form: full", StringComparison.Ordinal) ? "form: full" : line));
    }

    [Fact]
    public async Task The_plain_form_is_named()
    {
        using var folder = new WorkFolder(
            "global_settings: {probes: 2, interval: 4, port: 9000}\ntargets: [127.0.0.1, 127.0.0.2]\n");

        var check = await CheckAsync(folder);

        Assert.Equal(0, check.ExitCode);
        Assert.Contains("form: plain", check.Output, StringComparison.Ordinal);
        Assert.Contains("probes per second: 1\n", check.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_file_ends_with_2_and_everything_that_is_wrong_at_its_place()
    {
        using var folder = new WorkFolder(
            "targets:\n  - adress: 127.0.0.1\n  - 127.0.0.2\ndefaults:\n  interval: 10ms\n");

        var check = await CheckAsync(folder);

        Assert.Equal(2, check.ExitCode);
        Assert.Contains("sonde.yaml:2:5: 'adress' is not known here; did you mean 'address'?", check.Errors,
            StringComparison.Ordinal);
        Assert.Contains("sonde.yaml:5:13: 'interval' takes a duration", check.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_another_tool_is_recognized_and_it_says_what_to_do()
    {
        using var folder = new WorkFolder("modules:\n  icmp:\n    prober: icmp\n");

        var check = await CheckAsync(folder);

        Assert.Equal(2, check.ExitCode);
        Assert.Contains("this is a file of blackbox_exporter", check.Errors, StringComparison.Ordinal);
        Assert.Contains("blackbox_exporter", check.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_ends_with_2()
    {
        using var folder = new WorkFolder();

        var check = await CheckAsync(folder);

        Assert.Equal(2, check.ExitCode);
        Assert.StartsWith("sonde.yaml: ", check.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_refuses_what_check_refuses()
    {
        using var folder = new WorkFolder("targets:\n  - adress: 127.0.0.1\n");

        var check = await CheckAsync(folder);
        var run = await SondeCommand.RunProgramAsync(SondeExecutable.PathOrSkip(), ["run"], folder.FullPath, Token);

        Assert.Equal(2, run.ExitCode);
        Assert.Equal(check.Errors, run.Errors);
        Assert.False(Directory.Exists(folder.Data));
    }

    private static Task<SondeCommand> CheckAsync(WorkFolder folder) =>
        SondeCommand.RunProgramAsync(SondeExecutable.PathOrSkip(), ["check", "sonde.yaml"], folder.FullPath, Token);
}
