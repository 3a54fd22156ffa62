namespace Sonde.Measurement.Icmp;

/// <summary>
/// Which probe the kernel's packet number stands for: it counts the packets of a socket from 0 when stamping is
/// switched on (the kernel's Documentation/networking/timestamping.rst, SOF_TIMESTAMPING_OPT_ID).
/// </summary>
internal sealed class TransmitNumbers
{
    private const int Capacity = 4096;
    private readonly uint[] _flights = new uint[Capacity];
    private uint _sent;
    private uint _stamped;

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
        var isKnown = packet < _sent && _sent - packet <= Capacity;
        if (isKnown && packet >= _stamped)
        {
            _stamped = packet + 1;
        }
        return isKnown;
    }

    /// <summary>Numbering begins anew at 0.</summary>
    public void Restart() => _sent = _stamped = 0;
}
