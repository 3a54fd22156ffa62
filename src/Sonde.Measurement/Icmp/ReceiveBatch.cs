using System.Runtime.InteropServices;

namespace Sonde.Measurement.Icmp;

/// <summary>
/// Memory for packets that are taken from the kernel in one call. Not moved; larger when larger packets are sent.
/// </summary>
internal sealed unsafe class ReceiveBatch : IDisposable
{
    /// <summary>Packets in one call.</summary>
    public const int Capacity = 64;

    private const int AddressLength = 32;
    private const int ControlLength = 256;
    private LibC.Message* _messages;
    private readonly LibC.Part* _parts;
    private readonly byte* _addresses;
    private readonly byte* _controls;
    private byte* _packets;
    private int _packetLength;

    /// <param name="packetLength">Bytes kept of each packet; what is longer is truncated.</param>
    public ReceiveBatch(int packetLength)
    {
        var bytes = Capacity * (sizeof(LibC.Message) + sizeof(LibC.Part) + AddressLength + ControlLength);
        _messages = (LibC.Message*)NativeMemory.AlignedAlloc((nuint)bytes, 64);
        NativeMemory.Clear(_messages, (nuint)bytes);
        _parts = (LibC.Part*)(_messages + Capacity);
        _addresses = (byte*)(_parts + Capacity);
        _controls = _addresses + (AddressLength * Capacity);
        MakeRoom(packetLength);
    }

    /// <summary>Makes each place at least <paramref name="packetLength"/> bytes long.</summary>
    public void MakeRoom(int packetLength)
    {
        if (packetLength <= _packetLength)
        {
            return;
        }
        NativeMemory.Free(_packets);
        _packets = (byte*)NativeMemory.Alloc(Capacity, (nuint)packetLength);
        _packetLength = packetLength;
        for (var i = 0; i < Capacity; i++)
        {
            _parts[i] = new LibC.Part { Start = _packets + ((nint)i * packetLength), Length = (nuint)packetLength };
            _messages[i].Name = _addresses + (AddressLength * i);
            _messages[i].Parts = _parts + i;
            _messages[i].PartCount = 1;
            _messages[i].Control = _controls + (ControlLength * i);
        }
    }

    /// <summary>Takes what waits, without waiting. See recvmmsg(2).</summary>
    /// <param name="descriptor">The socket.</param>
    /// <param name="fromErrorQueue">True for transmit stamps and queued errors.</param>
    /// <returns>
    /// How many packets, 0 to <see cref="Capacity"/>; -1 when a queued error was reported instead: ask again.
    /// </returns>
    public int Receive(int descriptor, bool fromErrorQueue)
    {
        for (var i = 0; i < Capacity; i++)
        {
            _messages[i].NameLength = AddressLength;
            _messages[i].ControlLength = ControlLength;
        }
        var flags = LibC.DoNotWait | (fromErrorQueue ? LibC.ErrorQueue : 0);
        var received = LibC.ReceiveMany(descriptor, _messages, Capacity, flags, null);
        return received >= 0 ? received : Marshal.GetLastPInvokeError() == ErrorNumber.TryAgain ? 0 : -1;
    }

    /// <summary>The bytes of a packet; what did not fit is missing, and <see cref="IsTruncated"/>.</summary>
    public ReadOnlySpan<byte> Packet(int i) =>
        new(_parts[i].Start, (int)Math.Min(_messages[i].Transferred, (uint)_packetLength));

    public bool IsTruncated(int i) => (_messages[i].Flags & LibC.Truncated) != 0;

    /// <summary>The other end's IP address: 4 or 16 bytes.</summary>
    public ReadOnlySpan<byte> Address(int i) => _messages[i].NameLength == 28
        ? new ReadOnlySpan<byte>(_messages[i].Name + 8, 16)
        : new ReadOnlySpan<byte>(_messages[i].Name + 4, 4);

    public ReadOnlySpan<byte> Control(int i) => new(_messages[i].Control, (int)_messages[i].ControlLength);

    /// <summary>Gives the memory back; a second call does nothing.</summary>
    public void Dispose()
    {
        NativeMemory.Free(_packets);
        NativeMemory.AlignedFree(_messages);
        _packets = null;
        _messages = null;
    }
}
