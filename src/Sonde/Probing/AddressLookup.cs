using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Sonde.Targets;

namespace Sonde.Probing;

/// <summary>What a host resolved to for one probe.</summary>
/// <param name="Address">The address that is asked; null when there is none.</param>
/// <param name="Duration">How long that took.</param>
/// <param name="Problem">Why there is none, in words; null when there is.</param>
internal sealed record AddressLookup(IPAddress? Address, TimeSpan Duration, string? Problem)
{
    /// <summary>Resolves a host; an address stands for itself.</summary>
    /// <param name="names">Asks the system's resolver.</param>
    /// <param name="host">A name or an IP address.</param>
    /// <param name="preferred">The IP version that is preferred: <see cref="FamilyChoice.Four"/> or Six.</param>
    /// <param name="fallsBack">True to take the other version where there is no address of that one.</param>
    /// <param name="patience">How long it may take.</param>
    /// <param name="cancellationToken">Gives it up with an exception.</param>
    public static async Task<AddressLookup> FindAsync(
        NameResolution names, string host, FamilyChoice preferred, bool fallsBack, TimeSpan patience,
        CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var resolved = IPAddress.TryParse(host, out var literal)
            ? new ResolvedName([literal], null)
            : await AskAsync(names, host, patience, cancellationToken);
        var wanted = preferred == FamilyChoice.Four ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
        var addresses = resolved.Addresses ?? [];
        var address = addresses.FirstOrDefault(one => one.AddressFamily == wanted)
            ?? (fallsBack ? addresses.FirstOrDefault() : null);
        var problem = address is null ? resolved.Problem ?? $"{host} has no address of the wanted IP version" : null;
        return new AddressLookup(address, Stopwatch.GetElapsedTime(started), problem);
    }

    private static async Task<ResolvedName> AskAsync(
        NameResolution names, string host, TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            return await names.ResolveAsync(host, cancellationToken).WaitAsync(patience, cancellationToken);
        }
        catch (TimeoutException)
        {
            return new ResolvedName(null, $"the resolver does not answer for {host}");
        }
    }
}
