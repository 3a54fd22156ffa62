namespace Sonde.Measurement.Icmp;

/// <summary>How far a probe has come.</summary>
internal enum FlightState : byte
{
    /// <summary>The place was never used.</summary>
    Free,

    /// <summary>Written, not yet handed to the kernel.</summary>
    Waiting,

    /// <summary>Sent; no answer yet.</summary>
    Open,

    /// <summary>Answered: a further answer is a duplicate.</summary>
    Answered,

    /// <summary>Given up: an answer is late.</summary>
    Lost,

    /// <summary>Not sent or abandoned: an answer means nothing.</summary>
    Void,
}

/// <summary>A probe on its way, or lately ended.</summary>
internal struct Flight
{
    public long Ticket;
    public IcmpTarget Target;
    public Token Token;

    /// <summary>
    /// When it was sent, boot-time nanoseconds: the kernel's transmit stamp, or the time of the call.
    /// </summary>
    public long SentAt;

    /// <summary>Its number, counted from 0; identifier and sequence are made from it.</summary>
    public uint Number;
    public FlightState State;

    /// <summary>
    /// True when no transmit stamp came and the call that sent it took long, so that its start is unsure.
    /// </summary>
    public bool IsUnsure;
}

/// <summary>
/// The probes of one socket by their number: a ring that is looked up by what an answer quotes. It grows rather than
/// forget a probe that is under way or lately ended, up to as many as identifiers and sequence numbers can tell apart.
/// </summary>
/// <param name="maxCapacity">A power of two, 1,024 or more.</param>
/// <param name="first">The first number; they wrap after 2^32.</param>
internal sealed class FlightTable(int maxCapacity, uint first = 0)
{
    /// <summary>
    /// How long after its deadline an ended probe is remembered, for late answers and duplicates: 3 s.
    /// </summary>
    public const long RememberedNanoseconds = 3_000_000_000;

    /// <summary>How many taken numbers are passed over in one search, so that a full table costs little.</summary>
    private const int MaxPassedOver = 4_096;

    private Flight[] _flights = new Flight[1024];
    private uint _next = first;

    /// <summary>Reserves the next number that no probe under way has.</summary>
    /// <param name="now">Boot-time nanoseconds.</param>
    /// <param name="number">The number, to find the flight by.</param>
    /// <returns>False when the next 4,096 numbers are taken by probes under way; the next call looks further
    /// on.</returns>
    public bool TryReserve(long now, out uint number)
    {
        for (var tried = 0; tried < MaxPassedOver; tried++)
        {
            number = _next++;
            while (IsNeeded(_flights[number & Mask], now) && _flights.Length < maxCapacity)
            {
                Grow();
            }
            if (!IsUnderWay(_flights[number & Mask]))
            {
                return true;
            }
        }
        number = 0;
        return false;
    }

    /// <summary>The place of a number that was reserved.</summary>
    public ref Flight this[uint number] => ref _flights[number & Mask];

    /// <summary>True when the place still belongs to the number, or to the wire's part of it.</summary>
    /// <param name="quoted">A number as an answer quotes it: modulo the maximal capacity.</param>
    public bool Holds(uint quoted)
    {
        ref var flight = ref _flights[quoted & Mask];
        return flight.State > FlightState.Waiting && (flight.Number & (uint)(maxCapacity - 1)) == quoted;
    }

    /// <summary>All places, to go through when everything is abandoned.</summary>
    public Span<Flight> All => _flights;

    private uint Mask => (uint)(_flights.Length - 1);

    private static bool IsUnderWay(in Flight flight) => flight.State is FlightState.Open or FlightState.Waiting;

    private static bool IsNeeded(in Flight flight, long now) => IsUnderWay(flight)
        || (flight.State is FlightState.Answered or FlightState.Lost
            && flight.SentAt + flight.Target.TimeoutNanoseconds + RememberedNanoseconds > now);

    private void Grow()
    {
        var larger = new Flight[_flights.Length * 2];
        foreach (ref readonly var flight in _flights.AsSpan())
        {
            if (flight.State != FlightState.Free)
            {
                larger[flight.Number & (uint)(larger.Length - 1)] = flight;
            }
        }
        _flights = larger;
    }
}
