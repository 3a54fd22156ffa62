using Sonde.Targets;

namespace Sonde.Samples;

/// <summary>What a series is known by, everywhere and for ever (DESIGN: the record).</summary>
/// <param name="Check">The check that measures it.</param>
/// <param name="VantagePoint">Where it is measured from; <c>local</c> for this process unless named.</param>
/// <param name="Family">4 or 6.</param>
/// <param name="Quantity">What it holds.</param>
internal sealed record SeriesKey(CheckId Check, string VantagePoint, byte Family, Quantity Quantity);

/// <summary>What a series holds: a word and the unit of its integers.</summary>
/// <param name="Name">The word, for example <c>rtt</c>.</param>
/// <param name="Unit">The unit, for example <c>us</c>.</param>
internal readonly record struct Quantity(string Name, string Unit)
{
    /// <summary>The unit of durations: whole microseconds.</summary>
    public const string Microseconds = "us";

    /// <summary>Round-trip time in whole microseconds.</summary>
    public static readonly Quantity Rtt = new("rtt", Microseconds);

    /// <summary>True for a phase of the round-trip time, for example <c>connect</c>.</summary>
    public bool IsPhase => Unit == Microseconds && this != Rtt;
}
