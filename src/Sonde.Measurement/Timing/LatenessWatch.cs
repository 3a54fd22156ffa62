namespace Sonde.Measurement.Timing;

/// <summary>
/// Remembers when the measuring thread was late, so that samples taken meanwhile can be marked suspect: it was to wake
/// at an instant and woke more than <see cref="Threshold"/> later.
/// </summary>
/// <remarks>One thread at a time.</remarks>
public sealed class LatenessWatch
{
    /// <summary>Lateness up to this is usual: 1 ms.</summary>
    public const long Threshold = 1_000_000;

    private const int Capacity = 1024;
    private readonly (long From, long To)[] _late = new (long, long)[Capacity];
    private long _count;

    /// <summary>How often the thread was late.</summary>
    public long Count => _count;

    /// <summary>
    /// Takes in that the thread was to wake at one instant and woke at another; both boot-time nanoseconds.
    /// </summary>
    /// <returns>How late it was; 0 when it was not.</returns>
    public long Woke(long planned, long actual)
    {
        if (actual - planned <= Threshold)
        {
            return 0;
        }
        _late[_count++ % Capacity] = (planned, actual);
        return actual - planned;
    }

    /// <summary>True when the thread was to run at an instant and did not.</summary>
    public bool WasLateAt(long instant)
    {
        for (var i = _count - 1; i >= 0 && i >= _count - Capacity; i--)
        {
            var late = _late[i % Capacity];
            if (late.To < instant)
            {
                return false;
            }
            if (late.From <= instant)
            {
                return true;
            }
        }
        return false;
    }
}
