using System.Threading.Channels;

namespace Sonde.Cli;

/// <summary>
/// Writes lines to a terminal. One that stands still (Ctrl-S, a slow link) holds nobody back: of the lines that wait
/// the
/// oldest are left out, and how many is told.
/// </summary>
internal sealed class TerminalLines : BackgroundService
{
    /// <summary>Lines that wait at most.</summary>
    public const int Capacity = 10_000;

    private readonly TextWriter _output;
    private readonly Channel<string> _lines;
    private long _leftOut;

    public TerminalLines(TextWriter output)
    {
        _output = output;
        var options = new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest };
        _lines = Channel.CreateBounded<string>(options, _ => Interlocked.Increment(ref _leftOut));
    }

    /// <summary>Has a line written; never waits. Any thread.</summary>
    public void Write(string line) => _lines.Writer.TryWrite(line);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await _lines.Reader.WaitToReadAsync(stoppingToken))
        {
            while (_lines.Reader.TryRead(out var line))
            {
                if (Interlocked.Exchange(ref _leftOut, 0) is > 0 and var leftOut)
                {
                    await _output.WriteLineAsync($"… {Counted.Of(leftOut, "line")} left out");
                }
                await _output.WriteLineAsync(line);
            }
            await _output.FlushAsync(stoppingToken);
        }
    }
}
