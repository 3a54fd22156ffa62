namespace Sonde.Samples;

/// <summary>
/// Where samples wait for the store, in order: the batch in hand, the spool, the backlog in memory. Add and the counts:
/// any thread; the rest: one caller at a time.
/// </summary>
/// <param name="backlog">What waits in memory.</param>
/// <param name="spool">What waits on disk.</param>
/// <param name="maxBytes">Memory beyond this goes to the spool; default 64 MB (DESIGN: nothing is dropped in
/// silence).</param>
internal sealed class StoreBuffer(SampleBacklog backlog, SampleSpool spool, long maxBytes = 64 << 20)
{
    // What waits longer in memory goes to the spool.
    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(1);

    private const int SegmentBytes = 4 << 20;

    private readonly Lock _gate = new();
    private readonly Sample[] _batch = new Sample[SampleBacklog.ChunkSamples];
    private int _inHand;
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
            Unpack(chunk);
            backlog.GiveBack(chunk);
        }
        oldest = _batch.AsMemory(0, _inHand);
        return _inHand > 0;
    }

    /// <summary>The samples of the last <see cref="TryTake"/> are stored.</summary>
    public void Stored() => Volatile.Write(ref _inHand, 0);

    /// <summary>
    /// Brings memory within its bounds by writing the oldest to the spool, as far as that can be written.
    /// </summary>
    public void Spill()
    {
        while ((backlog.Bytes > maxBytes || backlog.IsOlderThan(MaxAge)) && SpillSegment())
        {
        }
    }

    /// <summary>
    /// The program ends: all that is in memory goes to the spool; what it cannot take is dropped and counted.
    /// </summary>
    public void SpillAll()
    {
        if (_inHand > 0 && _reading is null)
        {
            var chunk = new BacklogChunk(new PackedSamples(), 0);
            foreach (ref readonly var sample in _batch.AsSpan(0, _inHand))
            {
                chunk.Samples.Add(sample.Series.Number, sample);
            }
            backlog.PutBack([chunk]);
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

    private bool SpillSegment()
    {
        var chunks = new List<BacklogChunk>();
        for (var bytes = 0L; bytes < SegmentBytes && backlog.TryTake(out var oldest); bytes += oldest.Samples.Length)
        {
            chunks.Add(oldest);
        }
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
            // The spool's disk is full or read-only: they wait in memory as long as that has room.
            backlog.PutBack(chunks);
            Volatile.Write(ref _spoolProblem, error.Message);
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
