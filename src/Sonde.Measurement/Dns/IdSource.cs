using System.ComponentModel;
using System.Runtime.InteropServices;
using Sonde.Measurement.Sockets;

namespace Sonde.Measurement.Dns;

/// <summary>
/// Draws ids that nobody can guess (RFC 5452 section 4) from the kernel's generator, 128 at a time: that many it gives
/// without ever being interrupted. See getrandom(2).
/// </summary>
internal sealed unsafe partial class IdSource
{
    private readonly ushort[] _drawn = new ushort[128];
    private int _next;

    public IdSource() => _next = _drawn.Length;

    /// <summary>The next id.</summary>
    /// <exception cref="Win32Exception">The kernel has no generator.</exception>
    public ushort Next()
    {
        if (_next == _drawn.Length)
        {
            Draw();
            _next = 0;
        }
        return _drawn[_next++];
    }

    private void Draw()
    {
        var bytes = MemoryMarshal.AsBytes(_drawn.AsSpan());
        fixed (byte* start = bytes)
        {
            // Only before the machine has gathered its first randomness can a signal interrupt it.
            while (GetRandom(start, bytes.Length, 0) != bytes.Length)
            {
                if (Marshal.GetLastPInvokeError() != ErrorNumber.Interrupted)
                {
                    throw new Win32Exception();
                }
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "getrandom", SetLastError = true)]
    private static partial nint GetRandom(byte* bytes, nint length, uint flags);
}
