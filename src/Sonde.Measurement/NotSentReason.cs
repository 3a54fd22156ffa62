namespace Sonde.Measurement;

/// <summary>Why a probe says nothing about the network: it never left, or this machine could not time it.</summary>
public enum NotSentReason : byte
{
    /// <summary>The probe was sent and timed.</summary>
    None = 0,

    /// <summary>
    /// The operating system does not allow it: no CAP_NET_RAW and no ping socket, or a local firewall (EPERM, EACCES).
    /// </summary>
    NoPermission = 1,

    /// <summary>
    /// This machine has no route to the target or no address of its family (ENETUNREACH, EADDRNOTAVAIL).
    /// </summary>
    NoRoute = 2,

    /// <summary>
    /// There is no address to send to: the resolver has not answered yet, or the name has none of the family.
    /// </summary>
    NoAddress = 3,

    /// <summary>The kernel's buffers are full (ENOBUFS, EAGAIN).</summary>
    NoBuffers = 4,

    /// <summary>As many probes as the prober can tell apart wait for their answers.</summary>
    TooManyInFlight = 5,

    /// <summary>The previous probe of this target still runs, and this kind allows one at a time.</summary>
    Busy = 6,

    /// <summary>The wall clock was stepped while the probe was under way.</summary>
    ClockStepped = 7,

    /// <summary>The machine was suspended while the probe was under way.</summary>
    Suspended = 8,

    /// <summary>
    /// The kernel dropped packets of our socket while the probe waited, so its answer may have been among them.
    /// </summary>
    ReceiveOverflow = 9,

    /// <summary>Another error of the operating system.</summary>
    Failed = 10,
}
