using System.Text;
using System.Threading.Channels;
using Sonde.Cli;
using Xunit;

namespace Sonde.Tests.Cli;

public sealed class TerminalLinesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_terminal_that_stands_still_loses_the_oldest_lines_and_is_told_how_many()
    {
        var terminal = new StandingTerminal();
        using var lines = new TerminalLines(terminal);
        await lines.StartAsync(Token);

        lines.Write("first");
        await terminal.Standing.WaitAsync(Token);
        for (var i = 0; i < TerminalLines.Capacity + 5; i++)
        {
            lines.Write($"line {i}");
        }
        terminal.GoOn();

        Assert.Equal("first", await terminal.Written.ReadAsync(Token));
        Assert.Equal("… 5 lines left out", await terminal.Written.ReadAsync(Token));
        for (var i = 5; i < TerminalLines.Capacity + 5; i++)
        {
            Assert.Equal($"line {i}", await terminal.Written.ReadAsync(Token));
        }
        await lines.StopAsync(Token);
    }

    /// <summary>A terminal that takes nothing until it is told to go on.</summary>
    private sealed class StandingTerminal : TextWriter
    {
        private readonly TaskCompletionSource _standing = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _going = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Channel<string> _written = Channel.CreateBounded<string>(2 * TerminalLines.Capacity);

        public override Encoding Encoding => Encoding.UTF8;

        public Task Standing => _standing.Task;

        public ChannelReader<string> Written => _written.Reader;

        public void GoOn() => _going.SetResult();

        public override async Task WriteLineAsync(string? value)
        {
            _standing.TrySetResult();
            await _going.Task;
            await _written.Writer.WriteAsync(value!);
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
