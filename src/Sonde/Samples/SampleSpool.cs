namespace Sonde.Samples;

/// <summary>
/// What no longer fits the backlog, in files of the directory <c>spool</c> beside the store; it outlives the process.
/// Each segment is written once, whole, and deleted when the store has it. One caller at a time.
/// </summary>
internal sealed class SampleSpool
{
    private readonly string _directory;
    private readonly SeriesCatalog _catalog;
    private readonly long _maxBytes;
    private readonly Queue<SpoolSegment> _segments = new();
    private long _nextNumber = 1;
    private long _count;

    /// <param name="dataDirectory">The data directory; it need not exist yet.</param>
    /// <param name="catalog">Gives the keys of series, and handles for those of an earlier process.</param>
    /// <param name="maxBytes">Beyond this the oldest segments are dropped; default 1 GB.</param>
    public SampleSpool(string dataDirectory, SeriesCatalog catalog, long maxBytes = 1L << 30)
    {
        _directory = Path.Combine(dataDirectory, "spool");
        _catalog = catalog;
        _maxBytes = maxBytes;
        FindSegments();
    }

    /// <summary>Where its files are.</summary>
    public string DirectoryPath => _directory;

    /// <summary>How many samples are spooled. Any thread.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>The oldest segment, or null.</summary>
    public SpoolSegment? Oldest => _segments.TryPeek(out var oldest) ? oldest : null;

    /// <summary>Writes chunks into a new segment.</summary>
    /// <returns>The segments that had to go for it.</returns>
    /// <exception cref="IOException">The disk is full or cannot be written; nothing is spooled.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory cannot be written.</exception>
    public List<SpoolSegment> Write(IReadOnlyList<BacklogChunk> chunks)
    {
        Directory.CreateDirectory(_directory);
        var span = SampleSpan.Of(chunks);
        var pending = Path.Combine(_directory, "pending");
        long length;
        using (var file = new FileStream(pending, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
        {
            SpoolFormat.Write(file, chunks.Select(chunk => chunk.Samples), _catalog);
            file.Flush(flushToDisk: true);
            length = file.Length;
        }
        var segment = new SpoolSegment(
            _nextNumber++, span.Count, span.FirstMilliseconds, span.LastMilliseconds, length);
        File.Move(pending, PathOf(segment));
        _segments.Enqueue(segment);
        Volatile.Write(ref _count, _count + segment.Count);
        return DropBeyondBound();
    }

    /// <summary>Reads a segment, in batches; what is damaged is left out.</summary>
    public IEnumerable<List<Sample>> Read(SpoolSegment segment) =>
        SpoolFormat.Read(File.ReadAllBytes(PathOf(segment)), _catalog);

    /// <summary>Deletes the oldest segment.</summary>
    public void DeleteOldest()
    {
        var segment = _segments.Dequeue();
        Volatile.Write(ref _count, _count - segment.Count);
        if (Directory.Exists(_directory))   // somebody may have removed it
        {
            File.Delete(PathOf(segment));
        }
    }

    private List<SpoolSegment> DropBeyondBound()
    {
        var dropped = new List<SpoolSegment>();
        while (_segments.Sum(segment => segment.Bytes) > _maxBytes && _segments.Count > 1)
        {
            dropped.Add(_segments.Peek());
            DeleteOldest();
        }
        return dropped;
    }

    private void FindSegments()
    {
        var directory = new DirectoryInfo(_directory);
        try
        {
            foreach (var segment in directory.EnumerateFiles("*" + SpoolSegment.Extension)
                .Select(SpoolSegment.FromFile).OfType<SpoolSegment>().OrderBy(segment => segment.Number))
            {
                _segments.Enqueue(segment);
                _nextNumber = segment.Number + 1;
                _count += segment.Count;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // There is no spool, or nobody may read it: then nothing waits there.
            _segments.Clear();
            _count = 0;
        }
    }

    private string PathOf(SpoolSegment segment) => Path.Combine(_directory, segment.FileName);
}
