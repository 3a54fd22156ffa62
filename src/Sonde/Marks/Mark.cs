using Sonde.Targets;

namespace Sonde.Marks;

/// <summary>Something that stands on a time axis and explains what the samples show.</summary>
/// <param name="AtMilliseconds">When: milliseconds since 1970 UTC.</param>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Check">The check it concerns; null = all.</param>
/// <param name="Text">A sentence for people.</param>
internal sealed record Mark(long AtMilliseconds, MarkKind Kind, CheckId? Check, string Text);

/// <summary>What a mark marks. The numbers are stored: never changed, never used again.</summary>
internal enum MarkKind : byte
{
    /// <summary>The program started.</summary>
    Started = 1,

    /// <summary>A changed configuration came into force.</summary>
    Reloaded = 2,

    /// <summary>The wall clock was stepped.</summary>
    ClockStepped = 3,

    /// <summary>The machine was suspended.</summary>
    Suspended = 4,

    /// <summary>The process did not run for a while, for example stopped by a signal.</summary>
    Stopped = 5,

    /// <summary>The check's address changed.</summary>
    AddressChanged = 6,

    /// <summary>The check answers over the other IP version now.</summary>
    FamilyChanged = 7,

    /// <summary>Samples could not be kept.</summary>
    SamplesDropped = 8,

    /// <summary>The body that an HTTP check watches is another.</summary>
    ContentChanged = 9,
}
