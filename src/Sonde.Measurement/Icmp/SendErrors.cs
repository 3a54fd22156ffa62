using System.Runtime.InteropServices;

namespace Sonde.Measurement.Icmp;

/// <summary>What it means that the kernel does not take a packet. See sendmsg(2), errno(3).</summary>
internal static class SendErrors
{
    public static NotSentReason ToReason(int error) => error switch
    {
        ErrorNumber.NotPermitted or ErrorNumber.AccessDenied => NotSentReason.NoPermission,
        ErrorNumber.NetworkUnreachable or ErrorNumber.HostUnreachable or ErrorNumber.AddressNotAvailable
            or ErrorNumber.NetworkDown or ErrorNumber.Invalid => NotSentReason.NoRoute,
        ErrorNumber.NoBuffers or ErrorNumber.TryAgain => NotSentReason.NoBuffers,
        _ => NotSentReason.Failed,
    };

    /// <summary>A sentence for people. The usual ones are kept, so that a broken network costs no memory.</summary>
    public static string ToSentence(int error) => ToReason(error) switch
    {
        NotSentReason.NoPermission => "the system does not let this program send (a local firewall?)",
        NotSentReason.NoRoute => "this machine has no route to the target",
        NotSentReason.NoBuffers => "the kernel's send buffers are full",
        _ => Marshal.GetPInvokeErrorMessage(error),
    };
}
