using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sonde.Measurement.Timing;

/// <summary>
/// Waits until an instant, until another thread wakes it, or until one of some descriptors has something to read.
/// </summary>
/// <remarks>
/// One thread waits; any thread may wake. Waiting costs one system call and is exact to some 60 µs. See ppoll(2),
/// eventfd(2).
/// </remarks>
public sealed unsafe partial class WakeableWait : IDisposable
{
    /// <summary>So many descriptors can end a wait.</summary>
    public const int MostDescriptors = MaxDescriptors - 1;

    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const short Readable = 1;
    private const int MaxDescriptors = 8;

    private readonly SafeFileHandle _event;
    private readonly int _descriptor;

    /// <summary>Makes the wake-up descriptor.</summary>
    /// <exception cref="Win32Exception">The process has no descriptor left.</exception>
    public WakeableWait()
    {
        _descriptor = MakeEvent(0, CloseOnExec | NonBlocking);
        if (_descriptor < 0)
        {
            throw new Win32Exception();
        }
        _event = new SafeFileHandle(_descriptor, ownsHandle: true);
    }

    /// <summary>Ends the wait under way, or the next one at once.</summary>
    public void Wake()
    {
        var one = 1UL;
        _ = Write(_event, &one, sizeof(ulong));
    }

    /// <summary>Waits; returns at once when the instant has passed.</summary>
    /// <param name="until">A boot-time instant of <see cref="MeasurementClock.Now"/>; nanoseconds.</param>
    /// <param name="now">The same clock's reading now.</param>
    /// <param name="descriptors">Up to 7 descriptors that also end the wait; -1 is passed over.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are more than 7 descriptors.</exception>
    public void WaitUntil(long until, long now, ReadOnlySpan<int> descriptors)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(descriptors.Length, MaxDescriptors);
        var polled = stackalloc Polled[MaxDescriptors];
        polled[0] = new Polled { Descriptor = _descriptor, Wanted = Readable };
        var count = 1u;
        foreach (var descriptor in descriptors)
        {
            polled[count++] = new Polled { Descriptor = descriptor, Wanted = Readable };
        }
        var (seconds, nanoseconds) = Math.DivRem(Math.Max(until - now, 0), 1_000_000_000);
        var timeout = new TimeSpec { Seconds = seconds, Nanoseconds = nanoseconds };
        if (Poll(polled, count, &timeout, null) > 0 && polled[0].Found != 0)
        {
            ulong wakes;
            _ = Read(_event, &wakes, sizeof(ulong));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _event.Dispose();

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int MakeEvent(uint start, int flags);

    [LibraryImport("libc", EntryPoint = "ppoll", SetLastError = true)]
    private static partial int Poll(Polled* descriptors, nuint count, TimeSpec* timeout, void* signals);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(SafeFileHandle descriptor, ulong* value, nuint length);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(SafeFileHandle descriptor, ulong* value, nuint length);

    [StructLayout(LayoutKind.Sequential)]
    private struct Polled
    {
        public int Descriptor;
        public short Wanted;
        public short Found;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
