namespace Sonde.Charts;

/// <summary>Counts the live readers, so that strangers cannot open more than the machine bears.</summary>
internal sealed class LiveReaders
{
    /// <summary>The most at the same time; one browser has one.</summary>
    public const int Most = 200;

    private int _count;

    /// <summary>Takes a seat; null when all are taken. Disposing it gives it back.</summary>
    public IDisposable? TryEnter()
    {
        if (Interlocked.Increment(ref _count) <= Most)
        {
            return new Seat(this);
        }
        Interlocked.Decrement(ref _count);
        return null;
    }

    private sealed class Seat(LiveReaders readers) : IDisposable
    {
        private int _isGiven;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isGiven, 1) == 0)
            {
                Interlocked.Decrement(ref readers._count);
            }
        }
    }
}
