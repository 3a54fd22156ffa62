namespace Sonde.Samples;

/// <summary>
/// Where samples wait for the store, in order: the batch in hand, the spool, the backlog in memory. Add and the counts:
/// any thread; the rest: one caller at a time.
/// </summary>
/// <param name="backlog">What waits in memory.</param>
/// <param name="spool">What waits on disk.</param>
/// <param name="maxBytes">Memory beyond this goes to the spool; default 64 MB (DESIGN: nothing is dropped in
/// silence).</param>
/// <param name="maxAge">What waits longer in memory goes to the spool; default 1 h.</param>
internal sealed class StoreBuffer(
    SampleBacklog backlog, SampleSpool spool, long maxBytes = 64 << 20, TimeSpan? maxAge = null)
{
    /// <summary>
    /// <c>maxAge</c> for a store on another machine, which may be away while this one's disk works: kill -9 then costs
    /// what was measured in the last seconds.
    /// </summary>
    public static readonly TimeSpan RemoteMaxAge = TimeSpan.FromSeconds(5);

    private const int SegmentBytes = 4 << 20;

    private readonly Lock _gate = new();
    private readonly Sample[] _batch = new Sample[SampleBacklog.ChunkSamples];
    private readonly TimeSpan _maxAge = maxAge ?? TimeSpan.FromHours(1);
    private int _inHand;
    private long _inHandSince;
    private SpoolSegment? _reading;
    private IEnumerator<List<Sample>>? _batches;
    private long _read;
    private long _dropped;
    private SampleSpan _untold;
    private string _because = "";
    private string? _spoolProblem;

    /// <summary>Samples in memory.</summary>
    public long WaitingSamples => backlog.Count + (_reading is null ? Volatile.Read(ref _inHand) : 0);

    /// <summary>Samples on disk.</summary>
    public long SpooledSamples => spool.Count;

    /// <summary>Samples dropped since the start.</summary>
    public long DroppedSamples => Interlocked.Read(ref _dropped);

    /// <summary>Why samples were dropped last.</summary>
    public string DroppedBecause => Volatile.Read(ref _because);

    /// <summary>Where the spool is.</summary>
    public string SpoolDirectory => spool.DirectoryPath;

    /// <summary>Adds samples. Drops the oldest in memory when the spool does not keep up at all.</summary>
    public void Add(ReadOnlySpan<Sample> samples)
    {
        backlog.Add(samples);
        while (backlog.Bytes > maxBytes + (maxBytes / 4) && backlog.TryTake(out var oldest))
        {
            Drop(SampleSpan.Of([oldest]), $"memory was full, and {SpoolProblem}");
            backlog.GiveBack(oldest);
        }
    }

    /// <summary>
    /// The oldest samples, 1 to <see cref="SampleBacklog.ChunkSamples"/>; the same again until <see cref="Stored"/>.
    /// </summary>
    public bool TryTake(out ReadOnlyMemory<Sample> oldest)
    {
        if (_inHand == 0 && !TryTakeFromSpool() && backlog.TryTake(out var chunk))
        {
            _inHandSince = chunk.BeganAt;
            Unpack(chunk);
            backlog.GiveBack(chunk);
        }
        oldest = _batch.AsMemory(0, _inHand);
        return _inHand > 0;
    }

    /// <summary>The samples of the last <see cref="TryTake"/> are stored.</summary>
    public void Stored() => Volatile.Write(ref _inHand, 0);

    /// <summary>
    /// Brings memory within its bounds by writing the oldest to the spool, as far as that can be written. May be called
    /// while the store still takes what is in hand.
    /// </summary>
    public void Spill()
    {
        while (IsDue() && SpillInHand() && SpillSegment())
        {
        }
    }

    /// <summary>
    /// The program ends: all that is in memory goes to the spool; what it cannot take is dropped and counted.
    /// </summary>
    public void SpillAll()
    {
        if (HasInHandOnlyInMemory)
        {
            backlog.PutBack([PackInHand()]);
        }
        Volatile.Write(ref _inHand, 0);
        while (backlog.Count > 0 && SpillSegment())
        {
        }
        while (backlog.TryTake(out var lost))
        {
            Drop(SampleSpan.Of([lost]), SpoolProblem);
        }
    }

    /// <summary>What was dropped since the last call.</summary>
    public SampleSpan TakeDropped()
    {
        lock (_gate)
        {
            var untold = _untold;
            _untold = default;
            return untold;
        }
    }

    private bool TryTakeFromSpool()
    {
        while ((_reading ??= spool.Oldest) is { } segment)
        {
            try
            {
                _batches ??= spool.Read(segment).GetEnumerator();
                if (_batches.MoveNext())
                {
                    _batches.Current.CopyTo(0, _batch, 0, Math.Min(_batches.Current.Count, _batch.Length));
                    Volatile.Write(ref _inHand, Math.Min(_batches.Current.Count, _batch.Length));
                    _read += _inHand;
                    if (_inHand > 0)
                    {
                        return true;
                    }
                    continue;
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // What cannot be read is lost; it is counted below.
            }
            EndSegment(segment);
        }
        return false;
    }

    private void EndSegment(SpoolSegment segment)
    {
        if (_read < segment.Count)
        {
            Drop(
                new SampleSpan(segment.Count - _read, segment.FirstMilliseconds, segment.LastMilliseconds),
                $"{SpoolDirectory}/{segment.FileName} is damaged, or gone");
        }
        if (spool.Oldest == segment)
        {
            spool.DeleteOldest();
        }
        _batches?.Dispose();
        (_reading, _batches, _read) = (null, null, 0);
    }

    private void Unpack(BacklogChunk chunk)
    {
        var reader = new PackedSampleReader(chunk.Samples.Bytes);
        var count = 0;
        while (reader.TryRead(out _, out var sample))
        {
            _batch[count++] = sample;
        }
        Volatile.Write(ref _inHand, count);
    }

    private bool HasInHandOnlyInMemory => _inHand > 0 && _reading is null;

    private bool IsDue() => backlog.Bytes > maxBytes || backlog.IsOlderThan(_maxAge)
        || (HasInHandOnlyInMemory && backlog.AgeOf(_inHandSince) > _maxAge);

    // What is in hand is older than all else. It stays in hand, as if it had been read from its segment.
    private bool SpillInHand()
    {
        if (!HasInHandOnlyInMemory)
        {
            return true;
        }
        if (!Write([PackInHand()]))
        {
            return false;
        }
        (_reading, _read) = (spool.Oldest, _inHand);
        _batches = Enumerable.Empty<List<Sample>>().GetEnumerator();
        return true;
    }

    private BacklogChunk PackInHand()
    {
        var chunk = new BacklogChunk(new PackedSamples(), _inHandSince);
        foreach (ref readonly var sample in _batch.AsSpan(0, _inHand))
        {
            chunk.Samples.Add(sample.Series.Number, sample);
        }
        return chunk;
    }

    private bool SpillSegment()
    {
        var chunks = new List<BacklogChunk>();
        for (var bytes = 0L; bytes < SegmentBytes && backlog.TryTake(out var oldest); bytes += oldest.Samples.Length)
        {
            chunks.Add(oldest);
        }
        if (chunks.Count == 0 || Write(chunks))
        {
            return chunks.Count > 0;
        }
        backlog.PutBack(chunks);   // they wait in memory as long as that has room
        return false;
    }

    private bool Write(List<BacklogChunk> chunks)
    {
        try
        {
            foreach (var gone in spool.Write(chunks))
            {
                Drop(
                    new SampleSpan(gone.Count, gone.FirstMilliseconds, gone.LastMilliseconds),
                    $"memory and {SpoolDirectory} were full");
            }
            Volatile.Write(ref _spoolProblem, null);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Volatile.Write(ref _spoolProblem, error.Message);   // the disk is full or read-only
            return false;
        }
    }

    private string SpoolProblem => Volatile.Read(ref _spoolProblem) is { } problem
        ? $"{SpoolDirectory} could not be written ({problem.TrimEnd('.')})"
        : $"{SpoolDirectory} did not keep up";

    private void Drop(SampleSpan span, string because)
    {
        Volatile.Write(ref _because, because);
        Interlocked.Add(ref _dropped, span.Count);
        lock (_gate)
        {
            _untold = _untold.With(span);
        }
    }
}
