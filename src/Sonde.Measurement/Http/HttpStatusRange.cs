namespace Sonde.Measurement.Http;

/// <summary>Statuses that are expected, for example 200 to 299.</summary>
public readonly record struct HttpStatusRange
{
    /// <summary>From one status to another, both included; 100 to 999.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A status is outside 100 to 999, or the last is below the
    /// first.</exception>
    public HttpStatusRange(int first, int last)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(first, 100);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(last, 999);
        ArgumentOutOfRangeException.ThrowIfLessThan(last, first);
        First = first;
        Last = last;
    }

    /// <summary>One status alone.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The status is outside 100 to 999.</exception>
    public HttpStatusRange(int status)
        : this(status, status)
    {
    }

    /// <summary>200 to 299.</summary>
    public static HttpStatusRange Success { get; } = new(200, 299);

    /// <summary>The lowest.</summary>
    public int First { get; }

    /// <summary>The highest.</summary>
    public int Last { get; }

    /// <summary>Whether a status lies in it.</summary>
    public bool Contains(int status) => First <= status && status <= Last;
}
