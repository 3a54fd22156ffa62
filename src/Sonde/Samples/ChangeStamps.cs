namespace Sonde.Samples;

/// <summary>Numbers for changes: each greater than all before, also than those of earlier runs unless the wall clock
/// went back.</summary>
internal sealed class ChangeStamps(long startedAtMilliseconds)
{
    private long _latest = startedAtMilliseconds * 1_000;   // a run makes fewer than a million changes a second

    /// <summary>The number of the latest change.</summary>
    public long Latest => Volatile.Read(ref _latest);

    /// <summary>The next number. Take it under the lock of what changes, so that who looks under that lock sees both
    /// or none.</summary>
    public long Next() => Interlocked.Increment(ref _latest);
}
