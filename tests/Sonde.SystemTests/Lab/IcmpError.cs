namespace Sonde.SystemTests.Lab;

/// <summary>An ICMP error in both families.</summary>
/// <param name="Type4">Its type in RFC 792.</param>
/// <param name="Code4">Its code in RFC 792 or RFC 1812.</param>
/// <param name="Type6">Its type in RFC 4443.</param>
/// <param name="Code6">Its code in RFC 4443.</param>
/// <param name="Parameter">The four bytes behind the checksum: the MTU or the pointer.</param>
internal sealed record IcmpError(byte Type4, byte Code4, byte Type6, byte Code6, uint Parameter = 0)
{
    public static IcmpError NetworkUnreachable { get; } = new(3, 0, 1, 0);

    public static IcmpError HostUnreachable { get; } = new(3, 1, 1, 3);

    /// <summary>RFC 4443 has no such code; its unrecognized next header says the same.</summary>
    public static IcmpError ProtocolUnreachable { get; } = new(3, 2, 4, 1);

    public static IcmpError PortUnreachable { get; } = new(3, 3, 1, 4);

    public static IcmpError Prohibited { get; } = new(3, 13, 1, 1);

    public static IcmpError TimeToLiveExceeded { get; } = new(11, 0, 3, 0);

    /// <summary>The host itself sends it: pieces of the packet never came.</summary>
    public static IcmpError ReassemblyTimeExceeded { get; } = new(11, 1, 3, 1);

    public static IcmpError ParameterProblem { get; } = new(12, 0, 4, 0);

    /// <summary>The kernel remembers the MTU for the address for 10 minutes: use a host of its own.</summary>
    public static IcmpError PacketTooBig(ushort mtu) => new(3, 4, 2, 0, mtu);
}
