using System.Net;
using System.Net.Sockets;

namespace Sonde.Measurement.Http;

/// <summary>What all hops of a probe have in common.</summary>
/// <param name="Target">The target.</param>
/// <param name="Resolve">Asks for the addresses of a name.</param>
/// <param name="Phases">Where the time is booked.</param>
/// <param name="Lateness">Where it is noted that this process was late.</param>
/// <param name="Now">The time of the probe, UTC.</param>
/// <param name="Deadline">Cancelled when the time is up.</param>
internal sealed record HopContext(
    HttpTarget Target,
    Func<string, AddressFamily, CancellationToken, Task<IPAddress[]>> Resolve,
    PhaseLedger Phases,
    LatenessMarks Lateness,
    DateTimeOffset Now,
    CancellationToken Deadline);
