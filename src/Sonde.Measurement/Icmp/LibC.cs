using System.Runtime.InteropServices;

namespace Sonde.Measurement.Icmp;

/// <summary>The calls and layouts of the C library that echo probing needs, on 64-bit Linux.</summary>
internal static unsafe partial class LibC
{
    public const int InternetV4 = 2;
    public const int InternetV6 = 10;
    public const int RawType = 3;
    public const int DatagramType = 2;
    public const int CloseOnExec = 0x80000;
    public const int NonBlocking = 0x800;
    public const int DoNotWait = 0x40;
    public const int ErrorQueue = 0x2000;
    public const int Truncated = 0x20;

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial int OpenSocket(int domain, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(int descriptor, int level, int option, void* value, uint length);

    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    public static partial int SendMany(int descriptor, Message* messages, uint count, int flags);

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int ReceiveMany(int descriptor, Message* messages, uint count, int flags, void* timeout);

    /// <summary>Sets an integer option.</summary>
    /// <returns>False when the kernel refuses; errno says why.</returns>
    public static bool TrySetOption(int descriptor, int level, int option, int value) =>
        SetOption(descriptor, level, option, &value, sizeof(int)) == 0;

    /// <summary>A piece of memory. See readv(2), <c>struct iovec</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Part
    {
        public byte* Start;
        public nuint Length;
    }

    /// <summary>
    /// An entry of sendmmsg(2) and recvmmsg(2): <c>struct mmsghdr</c> with its <c>struct msghdr</c>; 64 bytes.
    /// </summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Message
    {
        public byte* Name;
        public uint NameLength;
        public Part* Parts;
        public nuint PartCount;
        public byte* Control;
        public nuint ControlLength;
        public long Flags; // an int and the padding behind it
        public uint Transferred;
    }
}

/// <summary>The error numbers of Linux that sending meets. See errno(3).</summary>
internal static class ErrorNumber
{
    public const int NotPermitted = 1;
    public const int Interrupted = 4;
    public const int TryAgain = 11;
    public const int AccessDenied = 13;
    public const int Invalid = 22;
    public const int MessageTooLong = 90;
    public const int AddressNotAvailable = 99;
    public const int NetworkDown = 100;
    public const int NetworkUnreachable = 101;
    public const int NoBuffers = 105;
    public const int HostUnreachable = 113;
}
