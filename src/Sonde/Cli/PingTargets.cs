using System.Net;
using System.Net.Sockets;
using Sonde.Measurement;
using Sonde.Measurement.Icmp;
using Sonde.Measurement.Tcp;
using Sonde.Probing;

namespace Sonde.Cli;

/// <summary>
/// Finds the address of each target of <c>sonde ping</c>. It is found once: all figures of a target are of one address.
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
        IReadOnlyList<PingWord> words, Wish wish, CancellationToken cancellationToken)
    {
        var targets = new PingTarget[words.Count];
        var names = new List<int>();
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i].Address is { } address)
            {
                targets[i] = TargetAt(words[i], [address], wish);
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
            async (i, token) =>
                targets[i] = For(words[i], await resolution.ResolveAsync(words[i].Host, token), wish));
        return targets;
    }

    /// <summary>The target of a name, by what the resolver said of it.</summary>
    public static PingTarget For(PingWord word, ResolvedName name, Wish wish) => name.Problem is { } problem
        ? new PingTarget(word.Text, word.Port is not null, null, problem) { IsNameUnknown = name.Addresses is not null }
        : TargetAt(word, name.Addresses!, wish);

    private static PingTarget TargetAt(PingWord word, IPAddress[] addresses, Wish wish)
    {
        var address = Array.Find(addresses, address => wish.Family is null || address.AddressFamily == wish.Family);
        return address is null
            ? new PingTarget(word.Text, word.Port is not null, null, NoAddress(wish.Family))
            : new PingTarget(word.Text, word.Port is not null, ProbeFor(address, word.Port, wish), null);
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
