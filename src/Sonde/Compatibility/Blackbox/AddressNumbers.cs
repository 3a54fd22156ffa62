using System.Net;
using System.Net.Sockets;

namespace Sonde.Compatibility.Blackbox;

/// <summary>What metrics tell of an address.</summary>
internal static class AddressNumbers
{
    private const uint FnvStart = 2166136261;
    private const uint FnvPrime = 16777619;

    /// <summary>4 or 6; 0 for none.</summary>
    public static double VersionOf(IPAddress? address) => address?.AddressFamily switch
    {
        null => 0,
        AddressFamily.InterNetwork => 4,
        _ => 6,
    };

    /// <summary>FNV-1a of 32 bits over the 4 or 16 bytes of the address; 0 for none.</summary>
    public static double HashOf(IPAddress? address) => address is null
        ? 0
        : address.GetAddressBytes().Aggregate(FnvStart, (hash, one) => unchecked((hash ^ one) * FnvPrime));
}
