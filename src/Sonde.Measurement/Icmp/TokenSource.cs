using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Sonde.Measurement.Icmp;

/// <summary>Draws tokens from the system's generator, a few hundred at a time so that a token costs a copy.</summary>
internal sealed class TokenSource
{
    private readonly Token[] _drawn = new Token[256];
    private int _next;

    public TokenSource() => _next = _drawn.Length;

    public Token Next()
    {
        if (_next == _drawn.Length)
        {
            RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(_drawn.AsSpan()));
            _next = 0;
        }
        return _drawn[_next++];
    }
}
