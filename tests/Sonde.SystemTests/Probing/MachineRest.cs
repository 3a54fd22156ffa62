using System.Diagnostics;
using System.Globalization;

namespace Sonde.SystemTests.Probing;

/// <summary>Tells how much the other programs of this machine have worked since it was made.</summary>
internal sealed class MachineRest
{
    private const double TicksPerSecond = 100;   // USER_HZ, what /proc counts in
    private readonly Stopwatch _time = Stopwatch.StartNew();
    private readonly double _before = ReadOthersSeconds();

    /// <summary>The processor time that others took, as a share of one processor.</summary>
    public double OthersShare => (ReadOthersSeconds() - _before) / _time.Elapsed.TotalSeconds;

    /// <summary>
    /// The first line of /proc/stat, without idle, waiting and stolen time, less what this process has used. See
    /// proc(5).
    /// </summary>
    private static double ReadOthersSeconds()
    {
        var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Select(text => long.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        var (user, nice, system, interrupts, softInterrupts) = (ticks[0], ticks[1], ticks[2], ticks[5], ticks[6]);
        using var process = Process.GetCurrentProcess();
        return ((user + nice + system + interrupts
            + softInterrupts) / TicksPerSecond) - process.TotalProcessorTime.TotalSeconds;
    }
}
