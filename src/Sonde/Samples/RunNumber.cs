using System.Security.Cryptography;

namespace Sonde.Samples;

/// <summary>
/// Numbers the runs of the program, so that a round number never repeats whatever the wall clock does: the rounds of
/// run N are N × 2³² and up. The store counts runs 1, 2, 3 …
/// </summary>
internal static class RunNumber
{
    /// <summary>The greatest run: its rounds just fit a 64-bit integer.</summary>
    public const long Max = int.MaxValue;

    // 2020-01-01: with it the seconds fit a run number until 2088. Counted from 1970 they would not after 2038.
    private const long Epoch = 1_577_836_800;

    // A clock before 2026 has not been set since the machine started; its seconds could come twice.
    private const long FirstCredible = 1_767_225_600 - Epoch;

    /// <summary>The first round of a run.</summary>
    public static long FirstRound(long run) => run << 32;

    /// <summary>The run that a round belongs to.</summary>
    public static long Of(long round) => round >> 32;

    /// <summary>
    /// A run's number for when the store cannot say one: the seconds since 2020, which a store that counts by one does
    /// not reach; a random number of the upper half when the clock is not set. The store counts on from it.
    /// </summary>
    public static long WithoutStore(TimeProvider time)
    {
        var seconds = time.GetUtcNow().ToUnixTimeSeconds() - Epoch;
        return seconds is >= FirstCredible and < Max / 2
            ? seconds
            : RandomNumberGenerator.GetInt32((int)(Max / 2), (int)(Max - 1_000_000));
    }
}
