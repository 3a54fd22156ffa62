using System.Runtime.InteropServices;

namespace Sonde.Measurement.Icmp;

/// <summary>Memory for echo requests that are handed to the kernel in one call. Not moved, allocated once.</summary>
internal sealed unsafe class SendBatch : IDisposable
{
    /// <summary>Requests in one call.</summary>
    public const int Capacity = 32;

    private const int AddressLength = 32;
    private const int ControlLength = 48;

    /// <summary>
    /// Requests up to this long lie in one piece; of longer ones the payload is gathered from the pattern, uncopied.
    /// </summary>
    private const int RequestLength = 128;
    private byte* _memory;
    private readonly LibC.Message* _messages;
    private readonly LibC.Part* _parts;
    private readonly byte* _requests;
    private readonly byte* _addresses;
    private readonly byte* _controls;
    private readonly byte* _pattern;
    private readonly uint[] _numbers = new uint[Capacity];

    public SendBatch()
    {
        var headers = sizeof(LibC.Message) + (2 * sizeof(LibC.Part));
        var bytes = Capacity * (headers + RequestLength + AddressLength + ControlLength);
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, 64);
        NativeMemory.Clear(_memory, (nuint)bytes);
        _messages = (LibC.Message*)_memory;
        _parts = (LibC.Part*)(_messages + Capacity);
        _requests = (byte*)(_parts + (2 * Capacity));
        _addresses = _requests + (RequestLength * Capacity);
        _controls = _addresses + (AddressLength * Capacity);
        _pattern = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(EchoMessage.PinnedPattern, 0);
    }

    public int Count { get; private set; }

    public bool IsFull => Count == Capacity;

    /// <summary>The numbers of the requests, in the order of sending.</summary>
    public ReadOnlySpan<uint> Numbers => _numbers.AsSpan(0, Count);

    /// <summary>Adds a request.</summary>
    public void Add(uint number, EchoName name, in Flight flight)
    {
        var target = flight.Target;
        var request = _requests + (RequestLength * Count);
        EchoMessage.WriteRequest(
            new Span<byte>(request, EchoMessage.VariableLength), target.IsV6, name, flight.Token, target.FillerSum);
        var address = _addresses + (AddressLength * Count);
        target.SocketAddress.CopyTo(new Span<byte>(address, AddressLength));
        var parts = _parts + (2 * Count);
        var filler = EchoMessage.Filler(target.Size);
        var isOnePiece = filler.TryCopyTo(
            new Span<byte>(request + EchoMessage.VariableLength, RequestLength - EchoMessage.VariableLength));
        var length = EchoMessage.VariableLength + (isOnePiece ? filler.Length : 0);
        parts[0] = new LibC.Part { Start = request, Length = (nuint)length };
        parts[1] = new LibC.Part { Start = _pattern, Length = (nuint)filler.Length };
        var control = _controls + (ControlLength * Count);
        _messages[Count] = new LibC.Message
        {
            Name = address,
            NameLength = (uint)target.SocketAddress.Length,
            Parts = parts,
            PartCount = isOnePiece ? 1u : 2u,
            Control = control,
            ControlLength = (nuint)WriteControl(control, target),
        };
        _numbers[Count++] = number;
    }

    /// <summary>Hands requests from <paramref name="first"/> on to the kernel. See sendmmsg(2).</summary>
    /// <param name="descriptor">The socket.</param>
    /// <param name="first">The first request to hand over.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="error">The error number when none was taken; else 0.</param>
    /// <returns>
    /// How many it took, 1 or more; 0 when the first of them failed: <paramref name="error"/> says why.
    /// </returns>
    public int Send(int descriptor, int first, int limit, out int error)
    {
        var sent = LibC.SendMany(descriptor, _messages + first, (uint)Math.Min(Count - first, limit), 0);
        error = sent < 0 ? Marshal.GetLastPInvokeError() : 0;
        return Math.Max(sent, 0);
    }

    public void Clear() => Count = 0;

    /// <summary>Gives the memory back; a second call does nothing.</summary>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
    }

    /// <summary>
    /// Hop limit and type of service of this packet, where they are not the default. See ip(7), ipv6(7).
    /// </summary>
    private static int WriteControl(byte* control, IcmpTarget target)
    {
        var length = 0;
        var (level, hopLimit, typeOfService) = target.IsV6 ? (41, 52, 67) : (0, 2, 1);
        if (target.TimeToLive is { } limit)
        {
            length += WriteInteger(control, level, hopLimit, limit);
        }
        if (target.TypeOfService != 0)
        {
            length += WriteInteger(control + length, level, typeOfService, target.TypeOfService);
        }
        return length;
    }

    private static int WriteInteger(byte* control, int level, int type, int value)
    {
        *(ulong*)control = 20; // header 16, integer 4
        *(int*)(control + 8) = level;
        *(int*)(control + 12) = type;
        *(long*)(control + 16) = value;
        return 24;
    }
}
