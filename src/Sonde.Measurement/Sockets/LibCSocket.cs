using System.Runtime.InteropServices;

namespace Sonde.Measurement.Sockets;

/// <summary>The socket calls of a connect, with the numbers that Linux uses on x86-64 and arm64.</summary>
/// <remarks>
/// None suppresses the GC transition: connect(2) runs a whole handshake on loopback, and the others may wait for the
/// socket's lock.
/// </remarks>
internal static unsafe partial class LibCSocket
{
    private const int Stream = 1;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int ProtocolTcp = 6;
    private const int LevelSocket = 1;
    private const int OptionError = 4;
    private const int OptionLinger = 13;
    private const int OptionTcpInfo = 11;
    private const int LimitOpenFiles = 7;

    /// <summary>Opens a non-blocking TCP socket.</summary>
    /// <param name="family">AF_INET (2) or AF_INET6 (10).</param>
    /// <returns>The descriptor, or −1 with <see cref="Marshal.GetLastPInvokeError"/> set.</returns>
    public static int OpenTcp(int family) => Socket(family, Stream | NonBlocking | CloseOnExec, ProtocolTcp);

    /// <summary>Begins the handshake.</summary>
    /// <returns>0, or the error number: EINPROGRESS when it is under way.</returns>
    public static int Connect(int descriptor, ReadOnlySpan<byte> socketAddress)
    {
        fixed (byte* address = socketAddress)
        {
            return Connect(descriptor, address, socketAddress.Length) == 0 ? 0 : Marshal.GetLastPInvokeError();
        }
    }

    /// <summary>The kernel's view of the connection; false when this kernel does not tell.</summary>
    public static bool TryReadAccount(int descriptor, out KernelAccount account)
    {
        KernelAccount read = default;
        var length = sizeof(KernelAccount);
        var error = GetOption(descriptor, ProtocolTcp, OptionTcpInfo, &read, &length);
        account = read;
        return error == 0 && length == sizeof(KernelAccount);
    }

    /// <summary>Takes the socket's pending error (SO_ERROR), which clears it; 0 if there is none.</summary>
    public static int TakeError(int descriptor)
    {
        var error = 0;
        var length = sizeof(int);
        var result = GetOption(descriptor, LevelSocket, OptionError, &error, &length);
        return result == 0 ? error : Marshal.GetLastPInvokeError();
    }

    /// <summary>Closes the connection with a reset, so that no TIME_WAIT holds its port for a minute.</summary>
    public static void CloseWithReset(int descriptor)
    {
        Linger linger = new() { IsOn = 1, Seconds = 0 };
        _ = SetOption(descriptor, LevelSocket, OptionLinger, &linger, sizeof(Linger));
        _ = Close(descriptor);
    }

    /// <summary>How many descriptors this process may have open (RLIMIT_NOFILE, soft).</summary>
    public static long ReadOpenFilesLimit()
    {
        ResourceLimit limit;
        return GetLimit(LimitOpenFiles, &limit) == 0 ? (long)Math.Min(limit.Soft, long.MaxValue) : 1024;
    }

    /// <summary>close(2).</summary>
    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    private static partial int Connect(int descriptor, byte* address, int length);

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    private static partial int GetOption(int descriptor, int level, int option, void* value, int* length);

    [LibraryImport("libc", EntryPoint = "setsockopt")]
    private static partial int SetOption(int descriptor, int level, int option, void* value, int length);

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, ResourceLimit* limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct Linger
    {
        public int IsOn;
        public int Seconds;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct ResourceLimit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
