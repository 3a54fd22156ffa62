using System.Net;
using System.Net.Sockets;
using Sonde.Measurement;
using Sonde.Measurement.Dns;
using Sonde.Measurement.Http;
using Sonde.Measurement.Icmp;
using Sonde.Measurement.Tcp;
using Sonde.Measurement.Tls;
using Sonde.Probing;
using Sonde.Targets;

namespace Sonde.Cli;

/// <summary>
/// Finds the address of each target of <c>sonde ping</c>. It is found once: all figures of a target are of one address.
/// Only the name of a URL is resolved by each probe anew.
/// </summary>
internal static class PingTargets
{
    private const int ResolvedAtOnce = 32;

    /// <summary>How the targets are to be probed.</summary>
    /// <param name="Timeout">How long an answer may take.</param>
    /// <param name="Size">Bytes of payload.</param>
    /// <param name="Family">4, 6, or null for what the resolver prefers.</param>
    /// <param name="VerifiesCertificates">False to accept any certificate.</param>
    internal sealed record Wish(TimeSpan Timeout, int Size, AddressFamily? Family, bool VerifiesCertificates = true);

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
            else if (words[i].Url is { } url)
            {
                targets[i] = new PingTarget(words[i].Text, CheckKind.Http, HttpProbeFor(url, null, wish), null);
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
        ? new PingTarget(word.Text, word.Kind, null, problem) { IsNameUnknown = name.Addresses is not null }
        : TargetAt(word, name.Addresses!, wish);

    private static PingTarget TargetAt(PingWord word, IPAddress[] addresses, Wish wish)
    {
        var address = Array.Find(addresses, address => wish.Family is null || address.AddressFamily == wish.Family);
        return address is null
            ? new PingTarget(word.Text, word.Kind, null, NoAddress(wish.Family))
            : new PingTarget(word.Text, word.Kind, ProbeFor(word, address, wish), null);
    }

    private static string NoAddress(AddressFamily? family) => family switch
    {
        AddressFamily.InterNetworkV6 => "no IPv6 address",
        AddressFamily.InterNetwork => "no IPv4 address",
        _ => "no address",
    };

    private static ProbeTarget ProbeFor(PingWord word, IPAddress address, Wish wish) => word switch
    {
        { Url: { } url } => HttpProbeFor(url, address, wish),
        { Question: { } question } => new DnsTarget(address, wish.Timeout, question, word.Port),
        { Port: { } port } => new TcpTarget(address, port, wish.Timeout),
        _ => new IcmpTarget(address, wish.Timeout, wish.Size),
    };

    private static HttpTarget HttpProbeFor(Uri url, IPAddress? address, Wish wish) => new(url, wish.Timeout, address)
    {
        Family = wish.Family switch
        {
            AddressFamily.InterNetwork => HttpFamily.IPv4,
            AddressFamily.InterNetworkV6 => HttpFamily.IPv6,
            _ => HttpFamily.Either,
        },
        Tls = new TlsSettings(url.IdnHost, wish.VerifiesCertificates),
    };
}
