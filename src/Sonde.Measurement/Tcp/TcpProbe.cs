using Sonde.Measurement.Timing;

namespace Sonde.Measurement.Tcp;

/// <summary>A probe under way. The objects are used again, so that a connect allocates nothing.</summary>
/// <param name="index">Its place in the <see cref="TcpProbeTable"/>.</param>
internal sealed class TcpProbe(int index)
{
    /// <summary>No descriptor.</summary>
    public const int None = -1;

    /// <summary>Its place in the table.</summary>
    public int Index { get; } = index;

    /// <summary>Which use of this object it is: tells an event of an earlier use from one of this.</summary>
    public uint Generation { get; private set; }

    /// <summary>The caller's number.</summary>
    public long Ticket { get; private set; }

    /// <summary>Whom it asks; null while the object is free.</summary>
    public TcpTarget? Target { get; private set; }

    /// <summary>The socket; <see cref="None"/> before it is open and after it was handed to a conversation.</summary>
    public int Descriptor { get; set; } = None;

    /// <summary>Just before connect(2), boot time.</summary>
    public long StartedAt { get; set; }

    /// <summary>The same instant in UTC nanoseconds.</summary>
    public long SentAt { get; set; }

    /// <summary>When it is given up, boot time.</summary>
    public long Deadline { get; set; }

    /// <summary>What <see cref="SuspendWatch.ReadTotal"/> gave at the start.</summary>
    public long AsleepAtStart { get; set; }

    /// <summary>Its place in the <see cref="DeadlineHeap"/>; −1 when it is not in it.</summary>
    public int HeapIndex { get; set; } = -1;

    /// <summary>The handshake's result while a conversation goes on.</summary>
    public ProbeResult Handshake { get; set; }

    /// <summary>The kernel's time of the handshake, nanoseconds; null while unknown.</summary>
    public long? KernelRtt { get; set; }

    /// <summary>TLS and dialogue; null before and without.</summary>
    public Conversation? Conversation { get; set; }

    /// <summary>What epoll gives back for this use of the object.</summary>
    public ulong Token => ((ulong)Generation << 32) | (uint)Index;

    /// <summary>Takes the object into use.</summary>
    public void Take(long ticket, TcpTarget target)
    {
        Generation++;
        Ticket = ticket;
        Target = target;
        KernelRtt = null;
    }

    /// <summary>Ends the use; what still arrives for it is foreign from now on.</summary>
    public void Free()
    {
        Generation++;
        Target = null;
        Conversation?.Dispose();
        Conversation = null;
        Handshake = default;
        Descriptor = None;
    }
}
