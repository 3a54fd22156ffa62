using System.Collections.Immutable;
using Sonde.Targets;

namespace Sonde.Samples;

/// <summary>What a live reader is told.</summary>
/// <param name="Id">Grows from event to event of a reader, also from run to run: what <c>Last-Event-ID</c> gives
/// back.</param>
internal abstract record LiveEvent(long Id)
{
    /// <summary>Checks have changed: as they stand now, at most once a second.</summary>
    public sealed record Changed(long Id, ImmutableArray<CheckView> Checks) : LiveEvent(Id);

    /// <summary>New samples of the one check that the reader follows, in the order in which they arrived.</summary>
    public sealed record Sampled(long Id, CheckId Check, ImmutableArray<Sample> Samples) : LiveEvent(Id);

    /// <summary>The reader was too slow: so many events were dropped before the next one.</summary>
    public sealed record Missed(long Id, long Count) : LiveEvent(Id);

    /// <summary>What happened since the reader's last event is not known any more, or checks came or went: load the
    /// page anew.</summary>
    public sealed record Reset(long Id) : LiveEvent(Id);
}
