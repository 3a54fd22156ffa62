using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sonde.Storage.Blocks;

/// <summary>The largest number that divides all of some numbers: times of whole seconds are multiples of 1,000
/// ms.</summary>
internal static class LargestUnit
{
    /// <summary>Divides the numbers by their largest common divisor if they are all below 2^31.</summary>
    /// <returns>The divisor, 1 or more; 0 when all numbers are 0.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static long TakeOut(Span<long> numbers)
    {
        var (least, greatest) = Extent.Of(numbers);
        if (least < -int.MaxValue || greatest > int.MaxValue)
        {
            return 1;
        }
        var (unit, looked) = (0L, 0);
        do   // some more numbers, until what divides them divides all
        {
            for (var end = Math.Min(numbers.Length, looked + 16); looked < end && unit != 1; looked++)
            {
                unit = GreatestCommonDivisor(unit, Math.Abs(numbers[looked]));
            }
        }
        while (unit != 1 && looked < numbers.Length && !DividesAll(unit, numbers));
        if (unit > 1)
        {
            Divide(numbers, unit);
        }
        return unit;
    }

    private static long GreatestCommonDivisor(long a, long b)
    {
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }
        return a;
    }

    private static bool DividesAll(long unit, ReadOnlySpan<long> numbers)
    {
        if (unit == 0)
        {
            return !numbers.ContainsAnyExcept(0);
        }
        // the quotient times the odd part is right modulo 2^64; so it is itself when it is small
        var (shift, inverse, limit) = (BitOperations.TrailingZeroCount(unit), InverseOfOdd(unit), int.MaxValue / unit);
        var below = (1L << shift) - 1;
        var vectors = MemoryMarshal.Cast<long, Vector<long>>(numbers);
        var (rests, least, greatest) = (Vector<long>.Zero, Vector<long>.Zero, Vector<long>.Zero);
        foreach (var vector in vectors)
        {
            var quotients = (vector >> shift) * inverse;
            rests |= vector & new Vector<long>(below);
            least = Vector.Min(least, quotients);
            greatest = Vector.Max(greatest, quotients);
        }
        foreach (var number in numbers[(vectors.Length * Vector<long>.Count)..])
        {
            rests |= new Vector<long>(number % unit);
        }
        return rests == Vector<long>.Zero
            && Vector.GreaterThanOrEqualAll(least, new Vector<long>(-limit))
            && Vector.LessThanOrEqualAll(greatest, new Vector<long>(limit));
    }

    private static void Divide(Span<long> numbers, long unit)
    {
        var (shift, inverse) = (BitOperations.TrailingZeroCount(unit), InverseOfOdd(unit));
        var vectors = MemoryMarshal.Cast<long, Vector<long>>(numbers);
        foreach (ref var vector in vectors)
        {
            vector = (vector >> shift) * inverse;
        }
        foreach (ref var number in numbers[(vectors.Length * Vector<long>.Count)..])
        {
            number /= unit;
        }
    }

    /// <summary>The inverse modulo 2^64 of a number without its factors 2: multiplying with it divides without
    /// remainder, several times as fast as dividing.</summary>
    private static long InverseOfOdd(long number)
    {
        var odd = number >> BitOperations.TrailingZeroCount(number);
        var inverse = odd;   // right in 3 bits: each step of Newton's doubles them
        for (var bits = 3; bits < 64; bits *= 2)
        {
            inverse = unchecked(inverse * (2 - odd * inverse));
        }
        return inverse;
    }
}
