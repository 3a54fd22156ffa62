using System.Diagnostics;

namespace Sonde.Benchmarks.Peers;

/// <summary>How the programs that are measured are started.</summary>
internal static class ProgramStart
{
    /// <summary>
    /// Starts it with its output going straight to files, so that reading it costs nobody time meanwhile, and with no
    /// input. The shell that sees to that becomes the program.
    /// </summary>
    public static Process Start(string outputFile, string errorFile, string program, IEnumerable<string> arguments)
    {
        var command = $"exec \"$@\" >{outputFile} 2>{errorFile} </dev/null";
        return Process.Start("/bin/sh", ["-c", command, "sh", program, .. arguments]);
    }
}
