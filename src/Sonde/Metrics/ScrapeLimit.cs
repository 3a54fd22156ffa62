namespace Sonde.Metrics;

/// <summary>
/// Lets in only so many scrapes at a time: each may hold a copy of all counts for as long as it is read.
/// </summary>
internal sealed class ScrapeLimit
{
    private const int MostAtATime = 8;
    private int _inside;

    /// <summary>Counts a scrape in; false when there are too many.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _inside) <= MostAtATime)
        {
            return true;
        }
        Leave();
        return false;
    }

    /// <summary>Counts a scrape out.</summary>
    public void Leave() => Interlocked.Decrement(ref _inside);
}
