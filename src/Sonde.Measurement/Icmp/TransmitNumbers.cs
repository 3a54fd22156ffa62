namespace Sonde.Measurement.Icmp;

/// <summary>
/// Which probe the kernel's packet number stands for: it counts the packets of a socket from 0 when stamping is
/// switched
/// on, and wraps after 2^32 (the kernel's Documentation/networking/timestamping.rst, SOF_TIMESTAMPING_OPT_ID).
/// </summary>
/// <param name="sent">How many packets have been sent since numbering began.</param>
internal sealed class TransmitNumbers(long sent = 0)
{
    private const int Capacity = 4096;
    private readonly uint[] _flights = new uint[Capacity];
    private long _sent = sent;
    private long _stamped = sent;

    /// <summary>True when a packet waits for its stamp.</summary>
    public bool HasUnstamped => _stamped != _sent;

    /// <summary>Notes that the next packet is this probe.</summary>
    public void Add(uint flight) => _flights[_sent++ % Capacity] = flight;

    /// <summary>
    /// The probe of a stamped packet; false when it is too long ago or from before numbering began anew.
    /// </summary>
    public bool TryTake(uint packet, out uint flight)
    {
        flight = _flights[packet % Capacity];
        var age = (uint)_sent - packet;
        var isKnown = age is > 0 and <= Capacity && age <= _sent;
        if (isKnown)
        {
            _stamped = Math.Max(_stamped, _sent - age + 1);
        }
        return isKnown;
    }

    /// <summary>Numbering begins anew at 0.</summary>
    public void Restart() => _sent = _stamped = 0;
}
