using System.Text.RegularExpressions;
using Xunit;

namespace Sonde.SystemTests.Executable;

/// <summary>What a person sees who starts it by hand, and how Ctrl-C ends it.</summary>
public sealed partial class TerminalTests
{
    private const string Configuration =
        "defaults: {interval: 500ms, packets: 3}\ntargets:\n  - Router: 127.77.0.1\n  - Printer: 127.77.0.2\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_shows_a_line_a_round()
    {
        using var folder = new WorkFolder(Configuration);
        await using var terminal = Terminal.StartOrSkip(folder, "run --listen 127.0.0.1:0", Token);

        await terminal.AwaitAsync("Printer  ");
        await terminal.AwaitAsync("Router  ");
        var exitCode = await terminal.InterruptAsync();

        Assert.Equal(0, exitCode);
        Assert.Matches(RoundLine(), terminal.Shown);
        Assert.NotEmpty(await StoredSample.ExportAsync(folder.Data, Token));
    }

    [Fact]
    public async Task A_quiet_run_shows_a_status()
    {
        using var folder = new WorkFolder(Configuration);
        await using var terminal = Terminal.StartOrSkip(folder, "run --quiet --listen 127.0.0.1:0", Token);

        await terminal.AwaitAsync("2 up, 0 degraded, 0 down, 0 unknown; ");
        var exitCode = await terminal.InterruptAsync();

        Assert.Equal(0, exitCode);
        Assert.DoesNotMatch(RoundLine(), terminal.Shown);
    }

    [Fact]
    public async Task A_ping_shows_a_live_table_with_a_sparkline_and_Ctrl_C_leaves_the_summary()
    {
        using var folder = new WorkFolder();
        await using var terminal = Terminal.StartOrSkip(folder, "ping -c 0 -i 0.02 127.77.0.1 127.77.0.2", Token);

        await terminal.AwaitAsync("127.77.0.2");
        await Eventually.BecomesTrueAsync(
            () => Task.FromResult(Sparkline().Count(terminal.Shown) > 4), "a table that is drawn again",
            () => terminal.Shown, Token);
        var exitCode = await terminal.InterruptAsync();

        Assert.Equal(0, exitCode);
        Assert.Contains("127.77.0.1", terminal.Shown[(terminal.Shown.Length * 3 / 4)..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_verb_or_with_an_unknown_one_it_ends_with_2_and_help_names_all()
    {
        var help = await SondeCommand.RunAsync(Token, "--help");
        var unknown = await SondeCommand.RunAsync(Token, "nonsense");
        var none = await SondeCommand.RunAsync(Token);

        Assert.Equal((0, 2, 2), (help.ExitCode, unknown.ExitCode, none.ExitCode));
        Assert.All(
            ["run", "check", "ping", "export"], verb => Assert.Contains(verb, help.Output, StringComparison.Ordinal));
        Assert.Contains("nonsense", unknown.Errors, StringComparison.Ordinal);
        Assert.Equal(("", ""), (unknown.Output, none.Output));
        Assert.Equal("", help.Errors);
    }

    [GeneratedRegex(@"\d\d:\d\d:\d\d  Router +avg .* best .* worst .* loss .* dup \d+ +jitter \d")]
    private static partial Regex RoundLine();

    [GeneratedRegex("[▁▂▃▄▅▆▇█]+")]
    private static partial Regex Sparkline();
}
