namespace Sonde.Measurement.Dns;

/// <summary>How far a probe has come.</summary>
internal enum DnsProbeState : byte
{
    /// <summary>The object is free.</summary>
    Free,

    /// <summary>A datagram is on its way.</summary>
    Asking,

    /// <summary>The connection is being opened.</summary>
    Connecting,

    /// <summary>The query goes over a connection, in the thread pool.</summary>
    Streaming,

    /// <summary>Ended as answered: a further answer is a duplicate.</summary>
    Answered,

    /// <summary>Ended without an answer: one that comes is late.</summary>
    TimedOut,
}

/// <summary>A probe under way, or lately ended. The objects are used again.</summary>
internal sealed class DnsProbe
{
    /// <summary>No descriptor.</summary>
    public const int None = -1;

    /// <param name="index">Its place in the <see cref="DnsProbeTable"/>.</param>
    public DnsProbe(int index)
    {
        Index = index;
        Place = new LinkedListNode<DnsProbe>(this);
    }

    /// <summary>Its place in the table.</summary>
    public int Index { get; }

    /// <summary>Its place in a line of <see cref="DueLines"/>.</summary>
    public LinkedListNode<DnsProbe> Place { get; }

    /// <summary>Which line it is in; nanoseconds.</summary>
    public long Patience { get; set; }

    /// <summary>When it is due there, boot time.</summary>
    public long DueAt { get; set; }

    /// <summary>Which use of this object it is: tells an event of an earlier use from one of this.</summary>
    public uint Generation { get; private set; }

    /// <summary>How far it has come.</summary>
    public DnsProbeState State { get; set; }

    /// <summary>The caller's number.</summary>
    public long Ticket { get; private set; }

    /// <summary>Whom it asks; null while the object is free.</summary>
    public DnsTarget? Target { get; private set; }

    /// <summary>The id of its query.</summary>
    public ushort Id { get; private set; }

    /// <summary>The socket; <see cref="None"/> before it is open and after a stream took it.</summary>
    public int Descriptor { get; set; } = None;

    /// <summary>Just before the query or the connection's first packet was sent, boot time.</summary>
    public long StartedAt { get; set; }

    /// <summary>The same instant in UTC nanoseconds.</summary>
    public long SentAt { get; set; }

    /// <summary>Just before connect(2) of the connection, boot time.</summary>
    public long ConnectedFrom { get; set; }

    /// <summary>True when this process was late, so that the time may be wrong by over 1 ms.</summary>
    public bool IsUnsure { get; set; }

    /// <summary>How many datagrams came that do not answer it, or that came after its end.</summary>
    public int PassedOver { get; set; }

    /// <summary>After how many nanoseconds a truncated answer came; null when none did.</summary>
    public long? TruncatedAfter { get; set; }

    /// <summary>The query over a connection; null before and without.</summary>
    public DnsStream? Stream { get; set; }

    /// <summary>Why the stream under way was abandoned, though its time was not up; none when it was not.</summary>
    public NotSentReason Abandoned { get; set; }

    /// <summary>What epoll gives back for this use of the object.</summary>
    public ulong Token => ((ulong)Generation << 32) | (uint)Index;

    /// <summary>True when it is under way.</summary>
    public bool IsOpen => State is DnsProbeState.Asking or DnsProbeState.Connecting or DnsProbeState.Streaming;

    /// <summary>Takes the object into use.</summary>
    public void Take(long ticket, DnsTarget target, ushort id)
    {
        Generation++;
        Ticket = ticket;
        Target = target;
        Id = id;
    }

    /// <summary>Ends the use; what still arrives for it is foreign from now on.</summary>
    public void Free()
    {
        Generation++;
        State = DnsProbeState.Free;
        Target = null;
        Descriptor = None;
        Stream?.Dispose();
        Stream = null;
        Abandoned = NotSentReason.None;
        IsUnsure = false;
        PassedOver = 0;
        TruncatedAfter = null;
    }
}

/// <summary>The probes, at most as many as given; made on first use and used again.</summary>
internal sealed class DnsProbeTable(int capacity)
{
    private readonly DnsProbe?[] _probes = new DnsProbe?[capacity];
    private readonly Stack<DnsProbe> _free = new();
    private int _made;

    /// <summary>All that were made, for when everything ends.</summary>
    public ReadOnlySpan<DnsProbe> Made => _probes.AsSpan(0, _made)!;

    /// <summary>A free object, or null when all are in use.</summary>
    public DnsProbe? FindFree()
    {
        if (_free.TryPop(out var probe))
        {
            return probe;
        }
        if (_made == capacity)
        {
            return null;
        }
        probe = new DnsProbe(_made);
        _probes[_made++] = probe;
        return probe;
    }

    /// <summary>The probe that <paramref name="token"/> was given to, or null when that use is over.</summary>
    public DnsProbe? Find(ulong token) =>
        _probes[(uint)token] is { Target: not null } probe && probe.Token == token ? probe : null;

    /// <summary>Takes the object back.</summary>
    public void Free(DnsProbe probe)
    {
        probe.Free();
        _free.Push(probe);
    }
}
