using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sonde.SystemTests.Lab;

/// <summary>The calls of the C library that the lab needs. Constants are those of Linux on x64 and arm64.</summary>
internal static unsafe partial class LibC
{
    private const int ClockRealtime = 0;
    private const int ClockMonotonic = 1;
    private const int SetTimerSlack = 29;
    private const int FirstInFirstOut = 1;
    private const short PollIn = 1;

    /// <summary>Nanoseconds since 1970 by the wall clock: the clock of the kernel's packet stamps.</summary>
    public static long Realtime() => Clock(ClockRealtime);

    /// <summary>Nanoseconds since boot.</summary>
    public static long Monotonic() => Clock(ClockMonotonic);

    /// <summary>
    /// What is to be added to <see cref="Monotonic"/> to get <see cref="Realtime"/>, from the tightest of some
    /// readings.
    /// </summary>
    public static long RealtimeMinusMonotonic()
    {
        var (distance, width) = (0L, long.MaxValue);
        for (var attempt = 0; attempt < 10; attempt++)
        {
            var before = Monotonic();
            var wall = Realtime();
            var after = Monotonic();
            if (after - before < width)
            {
                (distance, width) = (wall - before - ((after - before) / 2), after - before);
            }
        }
        return distance;
    }

    /// <summary>Waits until the descriptor can be read, or for so many nanoseconds. See ppoll(2).</summary>
    public static void WaitReadable(SafeHandle descriptor, long nanoseconds)
    {
        var wanted = new PollEntry { Descriptor = (int)descriptor.DangerousGetHandle(), Events = PollIn };
        var timeout = new TimeSpec { Seconds = nanoseconds / 1_000_000_000, Nanoseconds = nanoseconds % 1_000_000_000 };
        _ = Poll(&wanted, 1, &timeout, null);
    }

    /// <summary>
    /// Lets the calling thread wake as exactly as the kernel can: no timer slack (prctl(2)) and, where it is allowed,
    /// before every ordinary thread (sched(7)).
    /// </summary>
    /// <returns>True when the thread now runs before ordinary ones.</returns>
    public static bool MakeThreadExact()
    {
        _ = Prctl(SetTimerSlack, 1, 0, 0, 0);
        var priority = 10;
        return SetScheduler(0, FirstInFirstOut, &priority) == 0;
    }

    /// <summary>Puts the calling thread onto one processor. See sched_setaffinity(2).</summary>
    public static void PinThread(int processor)
    {
        var mask = 1UL << processor;
        Check(SetAffinity(0, sizeof(ulong), &mask), "sched_setaffinity");
    }

    /// <exception cref="Win32Exception">The call failed; the message is the call and that of errno.</exception>
    public static int Check(long result, string call)
    {
        if (result >= 0)
        {
            return (int)result;
        }
        var error = new Win32Exception();
        throw new Win32Exception(error.NativeErrorCode, $"{call}: {error.Message}");
    }

    private static long Clock(int clock)
    {
        TimeSpec time;
        _ = GetTime(clock, &time);
        return (time.Seconds * 1_000_000_000) + time.Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime"), SuppressGCTransition]
    private static partial int GetTime(int clock, TimeSpec* time);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(SafeFileHandle file, nuint request, void* argument);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(SafeFileHandle file, byte* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(SafeFileHandle file, byte* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(SafeFileHandle socket, byte* address, uint length);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(SafeFileHandle socket, int level, int option, void* value, uint length);

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    public static partial int GetOption(SafeFileHandle socket, int level, int option, void* value, uint* length);

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int ReceiveMany(
        SafeFileHandle socket, Message* messages, uint count, int flags, void* timeout);

    [LibraryImport(
        "libc", EntryPoint = "if_nametoindex", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial uint InterfaceIndex(string name);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    public static partial int EnterNamespace(SafeFileHandle file, int kind);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "ppoll", SetLastError = true)]
    private static partial int Poll(PollEntry* entries, nuint count, TimeSpec* timeout, void* signals);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Prctl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", EntryPoint = "sched_setscheduler", SetLastError = true)]
    private static partial int SetScheduler(int thread, int policy, int* priority);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SetAffinity(int thread, nuint length, ulong* mask);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Part
    {
        public byte* Start;
        public nuint Length;
    }

    /// <summary>struct mmsghdr: struct msghdr and the length that was received.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Message
    {
        public byte* Name;
        public uint NameLength;
        public Part* Parts;
        public nuint PartCount;
        public byte* Control;
        public nuint ControlLength;
        public long Flags;   // an int, and four bytes that fill struct msghdr up
        public uint Received;
    }
}
