using System.Numerics;

namespace Sonde.Storage.Blocks;

/// <summary>The largest number that divides all of some numbers: times of whole seconds are multiples of 1,000
/// ms.</summary>
internal static class CommonUnit
{
    /// <summary>Divides the numbers by their largest common divisor if that is less than 2^31.</summary>
    /// <returns>The divisor, 1 or more; 0 when all numbers are 0.</returns>
    public static long TakeOut(Span<long> numbers)
    {
        var unit = 0L;
        for (var i = 0; i < numbers.Length && unit != 1;)
        {
            var exact = unit == 0 ? default : new ExactDivision(unit);
            while (i < numbers.Length && (unit == 0 ? numbers[i] == 0 : exact.Divides(numbers[i])))
            {
                i++;
            }
            if (i < numbers.Length)   // this one, and the unit so far: what divides both
            {
                unit = numbers[i] is > int.MaxValue or < -int.MaxValue
                    ? 1
                    : (long)BigInteger.GreatestCommonDivisor(unit, numbers[i]);
            }
        }
        if (unit > 1)
        {
            var exact = new ExactDivision(unit);
            foreach (ref var number in numbers)
            {
                number = exact.Quotient(number);
            }
        }
        return unit;
    }

    /// <summary>Division without remainder, by multiplying with the inverse modulo 2^64: six times as fast as
    /// dividing.</summary>
    private readonly struct ExactDivision
    {
        private readonly int _shift;
        private readonly long _inverse;
        private readonly long _limit;

        public ExactDivision(long divisor)
        {
            _shift = BitOperations.TrailingZeroCount(divisor);
            _limit = int.MaxValue / divisor;
            var odd = divisor >> _shift;
            _inverse = odd;   // right in 3 bits: each step of Newton's doubles them
            for (var bits = 3; bits < 64; bits *= 2)
            {
                _inverse = unchecked(_inverse * (2 - odd * _inverse));
            }
        }

        /// <summary>True when there is no remainder, and the number is from -2^31 to 2^31.</summary>
        public bool Divides(long number)
        {
            // quotient times the odd divisor is the number modulo 2^64; so it is when neither is large
            var quotient = unchecked((number >> _shift) * _inverse);
            return quotient <= _limit && quotient >= -_limit && (number & ((1L << _shift) - 1)) == 0;
        }

        public long Quotient(long number) => unchecked((number >> _shift) * _inverse);
    }
}
