using System.Runtime.InteropServices;

namespace Sonde.SystemTests.Icmp;

/// <summary>The capabilities of the calling thread. See capabilities(7), capset(2).</summary>
internal static unsafe partial class ThreadRights
{
    private const uint Version3 = 0x20080522;   // _LINUX_CAPABILITY_VERSION_3
    private const int NetRaw = 13;              // CAP_NET_RAW

    /// <summary>Takes CAP_NET_RAW from this thread for as long as it lives; others keep it.</summary>
    public static void GiveUpRawSockets()
    {
        var header = stackalloc uint[] { Version3, 0 };
        var sets = stackalloc uint[6];   // effective, permitted and inheritable; low halves, then high halves
        Check(GetCapabilities(header, sets));
        sets[0] &= ~(1u << NetRaw);
        sets[1] &= ~(1u << NetRaw);
        Check(SetCapabilities(header, sets));
    }

    private static void Check(int result)
    {
        if (result != 0)
        {
            throw new InvalidOperationException($"capset: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "capget", SetLastError = true)]
    private static partial int GetCapabilities(uint* header, uint* sets);

    [LibraryImport("libc", EntryPoint = "capset", SetLastError = true)]
    private static partial int SetCapabilities(uint* header, uint* sets);
}
