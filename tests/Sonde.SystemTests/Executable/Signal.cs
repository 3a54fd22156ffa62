using System.Diagnostics;
using System.Runtime.InteropServices;
using Sonde.SystemTests.Lab;

namespace Sonde.SystemTests.Executable;

/// <summary>Signals for a process that the test has started. The numbers are Linux's, see signal(7).</summary>
internal static partial class Signal
{
    public const int HangUp = 1;
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    /// <summary>Sends one.</summary>
    public static void Send(Process process, int signal) => LibC.Check(SendTo(process.Id, signal), "kill");

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendTo(int process, int signal);
}
