using System.Net;

namespace Sonde.SystemTests.Lab;

/// <summary>
/// The addresses of one simulated network: <c>10.N.0.0/16</c> and <c>fd66:0:0:N::/64</c>. A host's number stands in the
/// last two bytes of both its addresses.
/// </summary>
/// <param name="network">N, 0 to 255.</param>
internal sealed class LabAddresses(byte network)
{
    /// <summary>The highest number of a host.</summary>
    public const int LastHost = 65_000;

    private const ushort RouterNumber = 0xff01;

    /// <summary>The address of host <paramref name="number"/>, 1 to <see cref="LastHost"/>.</summary>
    public IPAddress Host4(int number) => new([10, network, (byte)(number >> 8), (byte)number]);

    /// <summary>The IPv6 address of host <paramref name="number"/>, 1 to <see cref="LastHost"/>.</summary>
    public IPAddress Host6(int number) =>
        new([0xfd, 0x66, 0, 0, 0, 0, 0, network, 0, 0, 0, 0, 0, 0, (byte)(number >> 8), (byte)number]);

    /// <summary>The address of host <paramref name="number"/> in the family.</summary>
    public IPAddress Host(int number, bool isV6) => isV6 ? Host6(number) : Host4(number);

    /// <summary>The router that sends the ICMP errors.</summary>
    public IPAddress Router(bool isV6) => Host(RouterNumber, isV6);

    /// <summary>The address of this machine on the device.</summary>
    public IPAddress Own4 => new([10, network, 255, 254]);

    /// <summary>The IPv6 address of this machine on the device.</summary>
    public IPAddress Own6 => new([0xfd, 0x66, 0, 0, 0, 0, 0, network, 0, 0, 0, 0, 0, 0xff, 0, 1]);

    /// <summary>What is routed to the device.</summary>
    public string Prefix4 => $"10.{network}.0.0/16";

    /// <summary>What is routed to the device.</summary>
    public string Prefix6 => $"fd66:0:0:{network:x}::/64";
}
