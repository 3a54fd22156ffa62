using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Sonde.Benchmarks.Peers;

/// <summary>
/// A program that ran to its end, and what it took. Run one at a time: the CPU time is that of all ended children.
/// </summary>
/// <param name="ExitCode">How it ended.</param>
/// <param name="Wall">From before its start to after its end.</param>
/// <param name="Cpu">User and system time of the whole process.</param>
/// <param name="Output">What it wrote to stdout.</param>
/// <param name="Errors">What it wrote to stderr.</param>
internal sealed partial record FinishedRun(int ExitCode, TimeSpan Wall, TimeSpan Cpu, string Output, string Errors)
{
    private const int Children = -1;   // RUSAGE_CHILDREN

    /// <summary>Runs it.</summary>
    public static FinishedRun Of(string program, params IEnumerable<string> arguments)
    {
        var folder = Directory.CreateTempSubdirectory("sonde-run").FullName;
        var (output, errors) = (Path.Combine(folder, "out"), Path.Combine(folder, "err"));
        try
        {
            var cpuBefore = ReadChildrenCpu();
            var time = Stopwatch.StartNew();
            using var process = ProgramStart.Start(output, errors, program, arguments);
            process.WaitForExit();
            var wall = time.Elapsed;
            var cpu = ReadChildrenCpu() - cpuBefore;
            return new(process.ExitCode, wall, cpu, File.ReadAllText(output), File.ReadAllText(errors));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static unsafe TimeSpan ReadChildrenCpu()
    {
        // struct rusage: user and system time as seconds and microseconds, then 14 others
        var usage = stackalloc long[18];
        return GetUsage(Children, usage) == 0
            ? TimeSpan.FromMicroseconds(((usage[0] + usage[2]) * 1_000_000) + usage[1] + usage[3])
            : throw new InvalidOperationException("getrusage failed");
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static unsafe partial int GetUsage(int who, long* usage);
}
