using System.Net;
using System.Net.Sockets;
using Sonde.Configuration;
using Sonde.Measurement;
using Sonde.Measurement.Icmp;
using Sonde.Measurement.Tcp;
using Sonde.Probing;

namespace Sonde.Cli;

/// <summary>
/// Reads what the user wrote as targets: <c>host</c>, <c>host:port</c>, <c>[IPv6]:port</c>; and resolves the names.
/// </summary>
internal static class PingTargets
{
    private const int ResolvedAtOnce = 32;

    /// <summary>How the targets are to be probed.</summary>
    /// <param name="Timeout">How long an answer may take.</param>
    /// <param name="Size">Bytes of payload.</param>
    /// <param name="Family">4, 6, or null for what the resolver prefers.</param>
    internal sealed record Wish(TimeSpan Timeout, int Size, AddressFamily? Family);

    /// <summary>The targets in the order of the words; a name that has no address is in it with its problem.</summary>
    public static async Task<IReadOnlyList<PingTarget>> ResolveAsync(
        IReadOnlyList<string> words, Wish wish, CancellationToken cancellationToken)
    {
        var targets = new PingTarget[words.Count];
        var names = new List<int>();
        for (var i = 0; i < words.Count; i++)
        {
            if (IPAddress.TryParse(words[i], out var plain) && plain.ToString() == words[i]) // the most, and fast
            {
                targets[i] = TargetAt(words[i], null, [plain], wish);
            }
            else if (AddressText.Parse(words[i], out var host, out var port) is { } fault)
            {
                targets[i] = new PingTarget(words[i], isTcp: false, null, $"'{words[i]}' {fault}");
            }
            else if (IPAddress.TryParse(host, out var address))
            {
                targets[i] = TargetAt(words[i], port, [address], wish);
            }
            else
            {
                names.Add(i);
            }
        }
        if (names.Count == 0)
        {
            return targets;
        }
        using var resolution = new NameResolution(TimeProvider.System);
        await Parallel.ForEachAsync(
            names,
            new ParallelOptions { MaxDegreeOfParallelism = ResolvedAtOnce, CancellationToken = cancellationToken },
            async (i, token) => targets[i] = await ResolveAsync(words[i], resolution, wish, token));
        return targets;
    }

    private static async Task<PingTarget> ResolveAsync(
        string word, NameResolution resolution, Wish wish, CancellationToken cancellationToken)
    {
        _ = AddressText.Parse(word, out var host, out var port);
        var name = await resolution.ResolveAsync(host, cancellationToken);
        return name.Problem is { } problem
            ? new PingTarget(word, port is not null, null, problem)
            : TargetAt(word, port, name.Addresses!, wish);
    }

    private static PingTarget TargetAt(string word, int? port, IPAddress[] addresses, Wish wish)
    {
        var address = Array.Find(addresses, address => wish.Family is null || address.AddressFamily == wish.Family);
        return address is null
            ? new PingTarget(word, port is not null, null, NoAddress(wish.Family))
            : new PingTarget(word, port is not null, ProbeFor(address, port, wish), null);
    }

    private static string NoAddress(AddressFamily? family) => family switch
    {
        AddressFamily.InterNetworkV6 => "no IPv6 address",
        AddressFamily.InterNetwork => "no IPv4 address",
        _ => "no address",
    };

    private static ProbeTarget ProbeFor(IPAddress address, int? port, Wish wish) => port is { } number
        ? new TcpTarget(address, number, wish.Timeout)
        : new IcmpTarget(address, wish.Timeout, wish.Size);
}
