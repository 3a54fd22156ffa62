using System.Globalization;

namespace Sonde.Measurement.Timing;

/// <summary>
/// Time from a probe's leaving until its answer's arrival at this machine (RFC 2681). Never negative.
/// </summary>
public readonly record struct RoundTripTime : IComparable<RoundTripTime>
{
    /// <summary>A round-trip time of <paramref name="nanoseconds"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative: the answer would be older than the
    /// probe.</exception>
    public RoundTripTime(long nanoseconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nanoseconds);
        Nanoseconds = nanoseconds;
    }

    /// <summary>The time in nanoseconds, 0 or more.</summary>
    public long Nanoseconds { get; }

    /// <summary>The time in whole microseconds, rounded half up: what a sample keeps.</summary>
    public long Microseconds => (Nanoseconds + 500) / 1000;

    /// <summary>The time in milliseconds, for people.</summary>
    public double Milliseconds => Nanoseconds / 1e6;

    /// <inheritdoc/>
    public int CompareTo(RoundTripTime other) => Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>For example <c>12.345 ms</c>, in any culture.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Milliseconds:F3} ms");

    /// <summary>Compares two times.</summary>
    public static bool operator <(RoundTripTime left, RoundTripTime right) => left.Nanoseconds < right.Nanoseconds;

    /// <summary>Compares two times.</summary>
    public static bool operator >(RoundTripTime left, RoundTripTime right) => left.Nanoseconds > right.Nanoseconds;

    /// <summary>Compares two times.</summary>
    public static bool operator <=(RoundTripTime left, RoundTripTime right) => left.Nanoseconds <= right.Nanoseconds;

    /// <summary>Compares two times.</summary>
    public static bool operator >=(RoundTripTime left, RoundTripTime right) => left.Nanoseconds >= right.Nanoseconds;
}
