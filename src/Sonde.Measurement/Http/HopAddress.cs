using System.Net;
using System.Net.Sockets;

namespace Sonde.Measurement.Http;

/// <summary>Finds the address of a hop's host.</summary>
internal static class HopAddress
{
    private const string NoSuchAddress = "the name has no address of the wanted IP version";

    /// <summary>
    /// Resolves the host, freshly; an address stands for itself. While the resolver does not answer, and at the latest
    /// after half of the timeout, the target's last good address serves.
    /// </summary>
    /// <param name="context">The probe.</param>
    /// <param name="uri">Whose host is wanted.</param>
    /// <param name="lastGood">What the host resolved to the last time; null when unknown.</param>
    public static async Task<(IPAddress? Address, HttpOutcome? Failed)> FindAsync(
        HopContext context, Uri uri, IPAddress? lastGood)
    {
        if (IPAddress.TryParse(uri.IdnHost, out var literal))
        {
            return (literal, null);
        }
        try
        {
            var asking = context.Resolve(uri.IdnHost, context.Target.Family.ToQuestion(), context.Deadline);
            var patience = lastGood is null ? Timeout.InfiniteTimeSpan : context.Target.Timeout / 2;
            var addresses = await asking.WaitAsync(patience, TimeProvider.System, context.Deadline);
            return context.Target.Family.Choose(addresses) is { } address
                ? (address, null)
                : (null, HttpOutcome.Unmeasured(NotSentReason.NoAddress, NoSuchAddress));
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.NoData)
        {
            return (null, HttpOutcome.Unmeasured(NotSentReason.NoAddress, NoSuchAddress));
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.HostNotFound)
        {
            return (null, new(LossReason.NameNotFound));
        }
        catch (Exception error) when (error is SocketException or TimeoutException or OperationCanceledException)
        {
            return lastGood is not null && !context.Deadline.IsCancellationRequested
                ? (lastGood, null)
                : (null, HttpOutcome.Unmeasured(NotSentReason.NoAddress, "the resolver does not answer"));
        }
    }
}
