using System.Net;

namespace Sonde.Benchmarks.Peers;

/// <summary>Addresses of this machine, which the kernel itself answers for.</summary>
internal static class LoopbackTargets
{
    /// <summary>So many different ones, from 127.0.1.1 on.</summary>
    public static IReadOnlyList<IPAddress> Take(int count) =>
    [
        .. Enumerable.Range(0, count)
            .Select(n => new IPAddress([127, 0, (byte)(1 + (n / 250)), (byte)(1 + (n % 250))])),
    ];
}
