using Sonde.Configuration;

namespace Sonde.Charts.Queries;

/// <summary>Which windows a request asks for, checked.</summary>
/// <param name="From">The beginning of the span: milliseconds since 1970 UTC.</param>
/// <param name="To">Its end, greater.</param>
/// <param name="Points">How many windows at most; 2 or more.</param>
/// <param name="Step">Milliseconds that each is to be long; null = as <paramref name="Points"/> says.</param>
/// <param name="Quantity">The quantity's word.</param>
internal sealed record SpanRequest(long From, long To, int Points, long? Step, string Quantity)
{
    private const int FewestPoints = 2;
    private static readonly TimeSpan DefaultSpan = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestStep = TimeSpan.FromDays(3_660);
    private static readonly DateTimeOffset Latest = new(3000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Reads the parameters; what is wrong with them is added to the problems, and the request is of no use
    /// then.</summary>
    /// <param name="parameters">What was asked.</param>
    /// <param name="now">The time.</param>
    /// <param name="defaultPoints">How many windows when nothing is said.</param>
    /// <param name="mostPoints">How many may be asked for.</param>
    /// <param name="problems">Where to add.</param>
    public static SpanRequest Read(
        SpanParameters parameters, DateTimeOffset now, int defaultPoints, int mostPoints, ParameterProblems problems)
    {
        var to = parameters.To ?? now;
        var from = parameters.From ?? (to - DateTimeOffset.UnixEpoch > DefaultSpan ? to - DefaultSpan : to);
        problems.Unless(to <= Latest, "to", "must be before the year 3000");
        problems.Unless(from < to, "from", "must be before to");
        problems.Unless(from >= DateTimeOffset.UnixEpoch, "from", "must not be before 1970");
        problems.Unless(
            parameters.Points is null or >= FewestPoints && !(parameters.Points > mostPoints), "points",
            $"must be {FewestPoints} to {mostPoints}");
        problems.Unless(
            parameters.Points is null || parameters.Step is null, "step", "and points exclude each other: name one");
        return new(
            from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds(), parameters.Points ?? defaultPoints,
            ReadStep(parameters.Step, problems), parameters.Quantity ?? Samples.Quantity.Rtt.Name);
    }

    /// <summary>The windows of an answer with so many series.</summary>
    /// <param name="series">How many series.</param>
    /// <param name="most">How many windows each may have at most.</param>
    public WindowGrid GridOf(int series, int most)
    {
        var room = Math.Min(most, WindowGrid.RoomOf(series));
        return Step is { } step
            ? WindowGrid.OfStep(From, To, step, room)
            : WindowGrid.OfPoints(From, To, Points, room);
    }

    private static long? ReadStep(string? text, ParameterProblems problems)
    {
        if (text is null)
        {
            return null;
        }
        var isStep = DurationText.TryParse(text, out var step) && step >= TimeSpan.FromSeconds(1)
            && step <= LongestStep && step.Ticks % TimeSpan.TicksPerMillisecond == 0;
        problems.Unless(
            isStep, "step", "must be a duration of whole milliseconds from 1s to 3660d, for example 90s, 5m, 1h or 7d");
        return step.Ticks / TimeSpan.TicksPerMillisecond;
    }
}
