using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Sonde.Benchmarks.Peers;

/// <summary>A program that serves until it is told to end. Ended on disposal.</summary>
internal sealed partial class RunningProgram : IDisposable
{
    private const int Terminate = 15;               // SIGTERM: a shell has its background jobs ignore SIGINT
    private const int Kill = 9;                     // SIGKILL
    private const double TicksPerSecond = 100;      // USER_HZ, what /proc counts in
    private readonly Process _process;
    private readonly string _errorFile;

    /// <summary>Starts it; what it says on stderr is kept for the case that it fails.</summary>
    public RunningProgram(string program, params IEnumerable<string> arguments)
    {
        _errorFile = Path.GetTempFileName();
        StartedAt = Stopwatch.GetTimestamp();
        _process = ProgramStart.Start("/dev/null", _errorFile, program, arguments);
    }

    /// <summary>When it was started, by <see cref="Stopwatch"/>.</summary>
    public long StartedAt { get; }

    /// <summary>User and system time so far, to 10 ms.</summary>
    public TimeSpan Cpu
    {
        get
        {
            var stat = File.ReadAllText($"/proc/{_process.Id}/stat");
            // from field 3 on; 14 and 15 are utime and stime
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var ticks = fields[11..13].Sum(text => long.Parse(text, CultureInfo.InvariantCulture));
            return TimeSpan.FromSeconds(ticks / TicksPerSecond);
        }
    }

    /// <summary>The memory that it holds now, in megabytes of 10⁶ bytes.</summary>
    public double ResidentMegabytes
    {
        get
        {
            var line = File.ReadLines($"/proc/{_process.Id}/status")
                .First(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
            return long.Parse(
                line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024 / 1e6;
        }
    }

    /// <summary>Waits, and sees that the program lives on.</summary>
    /// <exception cref="InvalidOperationException">It ended; the message is what it said.</exception>
    public void RunFor(TimeSpan duration)
    {
        if (_process.WaitForExit(duration))
        {
            throw new InvalidOperationException($"it ended with {_process.ExitCode}: {File.ReadAllText(_errorFile)}");
        }
    }

    /// <summary>Asks it to end as Ctrl+C does, and waits until it has.</summary>
    public void Stop() => End(Terminate);

    /// <summary>Ends it at once, as a crash would.</summary>
    public void KillAtOnce() => End(Kill);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            End(Terminate);
        }
        _process.Dispose();
        File.Delete(_errorFile);
    }

    private void End(int signal)
    {
        _ = Signal(_process.Id, signal);
        if (!_process.WaitForExit(TimeSpan.FromSeconds(20)))
        {
            _ = Signal(_process.Id, Kill);
            _process.WaitForExit();
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
