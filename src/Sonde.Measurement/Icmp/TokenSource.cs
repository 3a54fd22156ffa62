using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Sonde.Measurement.Icmp;

/// <summary>
/// Draws tokens from the kernel's generator, a few hundred at a time so that a token costs a copy. See getrandom(2).
/// </summary>
/// <remarks>
/// Asks the kernel itself: the framework's generator loads OpenSSL first, which takes longer than a thousand probes.
/// </remarks>
internal sealed unsafe partial class TokenSource
{
    private readonly Token[] _drawn = new Token[256];
    private int _next;

    public TokenSource() => _next = _drawn.Length;

    /// <summary>The next token.</summary>
    /// <exception cref="Win32Exception">The kernel has no generator.</exception>
    public Token Next()
    {
        if (_next == _drawn.Length)
        {
            Draw(MemoryMarshal.AsBytes(_drawn.AsSpan()));
            _next = 0;
        }
        return _drawn[_next++];
    }

    private static void Draw(Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            fixed (byte* start = bytes)
            {
                var drawn = (int)GetRandom(start, (nuint)bytes.Length, 0);
                if (drawn < 0 && Marshal.GetLastPInvokeError() != ErrorNumber.Interrupted)
                {
                    throw new Win32Exception();
                }
                bytes = bytes[Math.Max(drawn, 0)..];
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "getrandom", SetLastError = true)]
    private static partial nint GetRandom(byte* bytes, nuint length, uint flags);
}
