using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace Sonde.Charts.Queries;

/// <summary>The part of a query string that says which windows, of what.</summary>
internal class SpanParameters
{
    /// <summary>Where the span begins, inclusive.</summary>
    [FromQuery(Name = "from"), Description("The beginning of the span, for example 2026-11-20T00:00:00Z; "
        + "default an hour before its end")]
    public DateTimeOffset? From { get; init; }

    /// <summary>Where it ends, exclusive.</summary>
    [FromQuery(Name = "to"), Description("The end of the span; default now")]
    public DateTimeOffset? To { get; init; }

    /// <summary>How many windows at most.</summary>
    [FromQuery(Name = "points"), Description("At most so many windows; their step is the shortest round one that "
        + "suffices, and they begin at multiples of it, UTC")]
    public int? Points { get; init; }

    /// <summary>How long each window is, instead of their number.</summary>
    [FromQuery(Name = "step"), Description("Instead of points: windows of exactly this length from the beginning on, "
        + "for example 2592s, 90m, 1h, 7d; 1 s to 3660 d")]
    public string? Step { get; init; }

    /// <summary>Which series of the target.</summary>
    [FromQuery(Name = "quantity"), Description("rtt, the default, or another series of the target, for example tls or "
        + "certificate")]
    public string? Quantity { get; init; }
}

/// <summary>The query string of a request for windows.</summary>
internal sealed class WindowParameters : SpanParameters
{
    /// <summary>Which quantiles, separated by commas.</summary>
    [FromQuery(Name = "quantiles"), Description("Up to 10 numbers from 0 to 1; default 0.5,0.95,0.99; empty for none")]
    public string? Quantiles { get; init; }

    /// <summary>Which other columns, separated by commas.</summary>
    [FromQuery(Name = "figures"), Description("Which columns besides the quantiles, of sent,lost,suspect,duplicates,"
        + "min,mean,max,mdev,jitter; default all")]
    public string? Figures { get; init; }
}

/// <summary>The query string of a request for a histogram over time.</summary>
internal sealed class HistogramParameters : SpanParameters
{
    /// <summary>How many buckets the axis of values has at most.</summary>
    [FromQuery(Name = "buckets"), Description("At most so many buckets, 2 to 200; default 40")]
    public int? Buckets { get; init; }
}

/// <summary>The part of a query string that says which targets.</summary>
internal sealed class TargetParameters
{
    /// <summary>Ids, separated by commas, or all.</summary>
    [FromQuery(Name = "targets"), Description("all, or ids separated by commas; default all that pass the filters")]
    public string? Targets { get; init; }

    /// <summary>Only those of a group.</summary>
    [FromQuery(Name = "group"), Description("Only targets of this group")]
    public string? Group { get; init; }

    /// <summary>Only those of a region.</summary>
    [FromQuery(Name = "region"), Description("Only targets of this region")]
    public string? Region { get; init; }

    /// <summary>Only those with a tag.</summary>
    [FromQuery(Name = "tag"), Description("Only targets with this tag")]
    public string? Tag { get; init; }

    /// <summary>Only those of a kind.</summary>
    [FromQuery(Name = "kind"), Description("Only targets of this kind, for example icmp")]
    public string? Kind { get; init; }

    /// <summary>True when any of the filters is given.</summary>
    public bool HasFilter => Group is not null || Region is not null || Tag is not null || Kind is not null;
}
