using System.Runtime.InteropServices;

namespace Sonde.Measurement.Sockets;

/// <summary>epoll(7) and eventfd(2).</summary>
internal static unsafe partial class LibCEvents
{
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const int ControlAdd = 1;
    private const uint Readable = 0x1;
    private const uint Writable = 0x4;
    private const uint OneShot = 1u << 30;

    /// <summary>Bytes of <c>struct epoll_event</c>: packed on x86-64 only (linux/eventpoll.h).</summary>
    private static readonly int EventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    /// <summary>Opens an epoll instance.</summary>
    /// <exception cref="IOException">The process may not open more files.</exception>
    public static int OpenEpoll() => Checked(CreateEpoll(CloseOnExec), "epoll_create1");

    /// <summary>Opens an event counter that never blocks.</summary>
    /// <exception cref="IOException">The process may not open more files.</exception>
    public static int OpenEvent() => Checked(CreateEvent(0, CloseOnExec | NonBlocking), "eventfd");

    /// <summary>Reports <paramref name="token"/> once, as soon as the socket can be written or has failed.</summary>
    /// <returns>0, or the error number.</returns>
    public static int WatchWritableOnce(int epoll, int descriptor, ulong token) =>
        Add(epoll, descriptor, Writable | OneShot, token);

    /// <summary>Reports <paramref name="token"/> whenever there is something to read.</summary>
    /// <returns>0, or the error number.</returns>
    public static int WatchReadable(int epoll, int descriptor, ulong token) => Add(epoll, descriptor, Readable, token);

    /// <summary>Waits without limit for events and writes their tokens into <paramref name="tokens"/>.</summary>
    /// <param name="epoll">The instance.</param>
    /// <param name="tokens">At most 64 are filled.</param>
    /// <param name="stampedAt">Boot-time nanoseconds right after the wait: every event in the batch is older.</param>
    /// <returns>How many tokens there are; 0 after a signal.</returns>
    public static int Wait(int epoll, Span<ulong> tokens, out long stampedAt) =>
        Wait(epoll, tokens, -1, out stampedAt);

    /// <summary>
    /// Writes the tokens of the events that are there into <paramref name="tokens"/>, without waiting.
    /// </summary>
    /// <param name="epoll">The instance.</param>
    /// <param name="tokens">At most 64 are filled.</param>
    /// <returns>How many tokens there are.</returns>
    public static int Poll(int epoll, Span<ulong> tokens) => Wait(epoll, tokens, 0, out _);

    /// <summary>Raises the event counter, so that whoever polls it wakes.</summary>
    public static void Raise(int eventDescriptor)
    {
        var one = 1UL;
        _ = Write(eventDescriptor, &one, sizeof(ulong));
    }

    /// <summary>Sets the event counter back to nothing.</summary>
    public static void Lower(int eventDescriptor)
    {
        ulong count;
        _ = Read(eventDescriptor, &count, sizeof(ulong));
    }

    private static int Wait(int epoll, Span<ulong> tokens, int timeoutMilliseconds, out long stampedAt)
    {
        const int batch = 64;
        var events = stackalloc byte[batch * 16];
        var count = Wait(epoll, events, Math.Min(batch, tokens.Length), timeoutMilliseconds);
        stampedAt = Timing.LibCClock.ReadBootTime();
        for (var index = 0; index < count; index++)
        {
            var token = new ReadOnlySpan<byte>(events + ((index + 1) * EventSize) - sizeof(ulong), sizeof(ulong));
            tokens[index] = MemoryMarshal.Read<ulong>(token);
        }
        return Math.Max(count, 0);
    }

    private static int Add(int epoll, int descriptor, uint events, ulong token)
    {
        Span<byte> entry = stackalloc byte[16];
        entry.Clear();
        MemoryMarshal.Write(entry, events);
        MemoryMarshal.Write(entry[(EventSize - sizeof(ulong))..], token);
        fixed (byte* pointer = entry)
        {
            return Control(epoll, ControlAdd, descriptor, pointer) == 0 ? 0 : Marshal.GetLastPInvokeError();
        }
    }

    private static int Checked(int result, string call) => result >= 0
        ? result
        : throw new IOException($"{call}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int CreateEpoll(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(int epoll, int operation, int descriptor, byte* entry);

    [LibraryImport("libc", EntryPoint = "epoll_wait")]
    private static partial int Wait(int epoll, byte* events, int capacity, int timeoutMilliseconds);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int CreateEvent(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int descriptor, void* bytes, nint count);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(int descriptor, void* bytes, nint count);
}
