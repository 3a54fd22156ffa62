namespace Sonde.SystemTests.Lab;

/// <summary>One packet that the simulated network has sent.</summary>
/// <param name="Probe">The probe that it answers.</param>
/// <param name="AnswerIndex">Which of the host's answers it is.</param>
/// <param name="SeenAt">When the request was read from the device: nanoseconds of the monotonic clock, as all
/// here.</param>
/// <param name="DueAt">When it was to be sent.</param>
/// <param name="WrittenAt">When it was handed to the kernel.</param>
internal readonly record struct SentAnswer(ProbeKey Probe, int AnswerIndex, long SeenAt, long DueAt, long WrittenAt)
{
    /// <summary>By how many nanoseconds it was sent too late, from the request's reading on.</summary>
    public long Lateness => WrittenAt - DueAt;
}

/// <summary>
/// The thread that plays the hosts: reads requests from the device and writes each answer when it is due. It sleeps
/// until shortly before an answer is due and then spins; it runs before ordinary threads where that is allowed.
/// </summary>
internal sealed unsafe class Responder : IDisposable
{
    /// <summary>
    /// How long before an answer is due the thread stops sleeping: longer than the machine takes to wake it.
    /// </summary>
    private const long SpinTime = 60_000;

    private const long LongestSleep = 10_000_000;
    private const int RequestsPerTurn = 8;
    private readonly TunDevice _device;
    private readonly SimulatedHosts _hosts;
    private readonly LabAddresses _addresses;
    private readonly SimulatedNetworkOptions _options;
    private readonly PacketPool _pool = new();
    private readonly PriorityQueue<Waiting, long> _waiting = new(4096);
    private readonly BoundedLog<SentAnswer> _sent;
    private readonly byte[] _request = GC.AllocateUninitializedArray<byte>(65_536, pinned: true);
    private readonly Thread _thread;
    private volatile bool _stopping;
    private volatile Exception? _fault;
    private long _requests;
    private long _unanswered;
    private long _refused;

    /// <summary>Starts to play.</summary>
    public Responder(TunDevice device, SimulatedHosts hosts, LabAddresses addresses, SimulatedNetworkOptions options)
    {
        _device = device;
        _hosts = hosts;
        _addresses = addresses;
        _options = options;
        _sent = new BoundedLog<SentAnswer>(options.RecordedPackets);
        _thread = new Thread(Run) { IsBackground = true, Name = "lab responder", Priority = ThreadPriority.Highest };
        _thread.Start();
    }

    /// <summary>Every packet sent, in order.</summary>
    public BoundedLog<SentAnswer> Sent => _sent;

    /// <summary>How many echo requests have been read.</summary>
    public long Requests => Volatile.Read(ref _requests);

    /// <summary>How many of them the scenario leaves without any answer.</summary>
    public long Unanswered => Volatile.Read(ref _unanswered);

    /// <summary>How many answers the kernel refused to take.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Why the thread ended before it was told to; null = it did not.</summary>
    public Exception? Fault => _fault;

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping = true;
        _thread.Join();
        while (_waiting.TryDequeue(out var waiting, out _))
        {
            _pool.Return(waiting.Packet, waiting.Rented);
        }
        _pool.Dispose();
    }

    private void Run()
    {
        try
        {
            _ = _options.Processor is not null || LibC.MakeThreadExact();
            if (_options.Processor is { } processor)
            {
                LibC.PinThread(processor);
            }
            while (!_stopping)
            {
                WriteDue();
                if (ReadRequests() == 0)
                {
                    Wait();
                }
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _fault = e;
        }
    }

    private void WriteDue()
    {
        while (_waiting.TryPeek(out var waiting, out var dueAt) && dueAt <= LibC.Monotonic())
        {
            _waiting.Dequeue();
            var writtenAt = LibC.Monotonic();
            if (_device.Write(new ReadOnlySpan<byte>((void*)waiting.Packet, waiting.Length)))
            {
                _sent.Add(new SentAnswer(waiting.Probe, waiting.AnswerIndex, waiting.SeenAt, dueAt, writtenAt));
            }
            else
            {
                Volatile.Write(ref _refused, _refused + 1);
            }
            _pool.Return(waiting.Packet, waiting.Rented);
        }
    }

    private int ReadRequests()
    {
        for (var read = 0; read < RequestsPerTurn; read++)
        {
            var length = _device.Read(_request);
            if (length == 0)
            {
                return read;
            }
            var seenAt = LibC.Monotonic();
            if (EchoTrace.TryRead(_request.AsSpan(0, length), out var trace) && trace.Kind == EchoKind.Request)
            {
                Plan(_request.AsSpan(0, length), trace.Probe, seenAt);
            }
        }
        return RequestsPerTurn;
    }

    private void Plan(ReadOnlySpan<byte> request, ProbeKey probe, long seenAt)
    {
        Volatile.Write(ref _requests, _requests + 1);
        var answers = _hosts.AnswersToNext(probe.Host, probe.IsV6);
        if (answers.IsEmpty)
        {
            Volatile.Write(ref _unanswered, _unanswered + 1);
        }
        for (var index = 0; index < answers.Length; index++)
        {
            var rented = AnswerWriter.MaxLength(request.Length);
            var packet = _pool.Rent(rented);
            var length = AnswerWriter.Write(request, answers[index], _addresses, new Span<byte>((void*)packet, rented));
            var dueAt = seenAt + (answers[index].After.Ticks * 100);
            _waiting.Enqueue(new Waiting(packet, length, rented, probe, index, seenAt), dueAt);
        }
    }

    /// <summary>
    /// Sleeps until a request arrives or an answer is nearly due. While it does not sleep it reads on.
    /// </summary>
    private void Wait()
    {
        if (_options.SpinsAlways)
        {
            return;
        }
        var sleep = _waiting.TryPeek(out _, out var dueAt) ? dueAt - LibC.Monotonic() - SpinTime : LongestSleep;
        if (sleep > 0)
        {
            _device.WaitReadable(Math.Min(sleep, LongestSleep));
        }
    }

    private readonly record struct Waiting(
        nint Packet, int Length, int Rented, ProbeKey Probe, int AnswerIndex, long SeenAt);
}
