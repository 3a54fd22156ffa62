using System.Net;
using System.Net.Sockets;
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
            var (host, port) = Split(words[i]);
            if (IPAddress.TryParse(host, out var address))
            {
                targets[i] = new PingTarget(words[i], port is not null, ProbeFor(address, port, wish), null);
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
            names, new ParallelOptions { MaxDegreeOfParallelism = ResolvedAtOnce, CancellationToken = cancellationToken },
            async (i, token) => targets[i] = await ResolveAsync(words[i], resolution, wish, token));
        return targets;
    }

    /// <summary>Host and port of a word; port null when it has none.</summary>
    public static (string Host, int? Port) Split(string word)
    {
        if (IPAddress.TryParse(word, out _))
        {
            return (word.Trim('[', ']'), null);
        }
        var colon = word.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(word.AsSpan(colon + 1), out var port) && port > 0
            ? (word[..colon].Trim('[', ']'), port)
            : (word, null);
    }

    private static async Task<PingTarget> ResolveAsync(
        string word, NameResolution resolution, Wish wish, CancellationToken cancellationToken)
    {
        var (host, port) = Split(word);
        var name = await resolution.ResolveAsync(host, cancellationToken);
        var address = name.Addresses?.FirstOrDefault(address => wish.Family is null || address.AddressFamily == wish.Family);
        return address is null
            ? new PingTarget(word, port is not null, null, name.Problem ?? $"{host} has no address of this family")
            : new PingTarget(word, port is not null, ProbeFor(address, port, wish), null);
    }

    private static ProbeTarget ProbeFor(IPAddress address, int? port, Wish wish) => port is { } number
        ? new TcpTarget(address, number, wish.Timeout)
        : new IcmpTarget(address, wish.Timeout, wish.Size);
}
