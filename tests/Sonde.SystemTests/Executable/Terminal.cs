using System.Diagnostics;
using System.Text;
using Xunit;

namespace Sonde.SystemTests.Executable;

/// <summary><c>sonde</c> on a terminal of its own, by script(1) of util-linux.</summary>
internal sealed class Terminal : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _shown = new();
    private readonly Task _reading;
    private readonly CancellationToken _cancellation;

    private Terminal(Process process, CancellationToken cancellation)
    {
        (_process, _cancellation) = (process, cancellation);
        _reading = ReadAsync();
    }

    /// <summary>All that was written to the terminal, with its control sequences.</summary>
    public string Shown
    {
        get
        {
            lock (_shown)
            {
                return _shown.ToString();
            }
        }
    }

    /// <summary>Starts the words behind <c>sonde</c>; the test is skipped where there is no script(1).</summary>
    public static Terminal StartOrSkip(WorkFolder folder, string words, CancellationToken cancellation)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "script of util-linux is not here");
        var start = SondeCommand.Describe(
            "script", ["-qfec", $"stty cols 160 rows 40; exec {SondeExecutable.PathOrSkip()} {words}", "/dev/null"],
            folder.FullPath);
        start.Environment["TERM"] = "xterm-256color";
        start.Environment["SHELL"] = "/bin/sh";
        return new Terminal(Process.Start(start)!, cancellation);
    }

    /// <summary>Waits until it shows the text.</summary>
    public Task AwaitAsync(string text) => Eventually.BecomesTrueAsync(
        () => Task.FromResult(Shown.Contains(text, StringComparison.Ordinal)), $"'{text}' on the terminal",
        () => Shown, _cancellation);

    /// <summary>Types Ctrl-C and waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> InterruptAsync()
    {
        await _process.StandardInput.WriteAsync('\u0003');
        await _process.StandardInput.FlushAsync(_cancellation);
        await _process.WaitForExitAsync(_cancellation).WaitAsync(Eventually.Bound, _cancellation);
        await _reading;
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }
        await _reading;
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        var piece = new char[4_096];
        while (await _process.StandardOutput.ReadAsync(piece) is var length and > 0)
        {
            lock (_shown)
            {
                _shown.Append(piece.AsSpan(0, length));
            }
        }
    }
}
