namespace Sonde.Charts.Queries;

/// <summary>Windows of series by columns: what the document of the API says of the answer.</summary>
/// <param name="Quantity">What the series hold, for example <c>rtt</c>.</param>
/// <param name="From">Where the first window begins.</param>
/// <param name="To">Where the last one ends, exclusive.</param>
/// <param name="StepSeconds">How long each is.</param>
/// <param name="AskedStepSeconds">How long each would be if nothing limited the answer.</param>
/// <param name="IsWidened">True when there are fewer and wider windows than asked for.</param>
/// <param name="Count">How many: the length of all columns.</param>
/// <param name="Series">One for each IP version and vantage point of each target.</param>
public sealed record WindowsOfSeries(
    string Quantity, DateTimeOffset From, DateTimeOffset To, double StepSeconds, double AskedStepSeconds,
    bool IsWidened, int Count, IReadOnlyList<WindowColumns> Series);

/// <summary>
/// The windows of a series, an entry for each; null where nothing was measured. A column that was not asked for is
/// missing; values of what is no duration have names without <c>Ms</c>.
/// </summary>
/// <param name="Id">The target.</param>
/// <param name="VantagePoint">Where it was measured from.</param>
/// <param name="Family">4 or 6.</param>
/// <param name="Unit">The unit of the values: <c>ms</c>, or that of the quantity.</param>
/// <param name="IsCoarse">True when some windows hold a summary that could not be cut at their edge.</param>
/// <param name="Sent">Probes sent and measured.</param>
/// <param name="Lost">Of these, without a valid answer.</param>
/// <param name="Suspect">Samples taken while the program was late.</param>
/// <param name="Duplicates">Further copies of answers.</param>
/// <param name="MinMs">The smallest value.</param>
/// <param name="MeanMs">The mean.</param>
/// <param name="MaxMs">The largest value.</param>
/// <param name="MdevMs">The population standard deviation.</param>
/// <param name="JitterMs">The mean absolute difference of successive values.</param>
/// <param name="QuantilesMs">A column for each quantile, by the number asked for, within 1 %.</param>
public sealed record WindowColumns(
    string Id, string VantagePoint, int Family, string Unit, bool IsCoarse, IReadOnlyList<long?>? Sent,
    IReadOnlyList<long?>? Lost, IReadOnlyList<long?>? Suspect, IReadOnlyList<long?>? Duplicates,
    IReadOnlyList<double?>? MinMs, IReadOnlyList<double?>? MeanMs, IReadOnlyList<double?>? MaxMs,
    IReadOnlyList<double?>? MdevMs, IReadOnlyList<double?>? JitterMs,
    IReadOnlyDictionary<string, IReadOnlyList<double?>>? QuantilesMs)
{
    /// <summary>The smallest value, in the unit.</summary>
    public IReadOnlyList<double?>? Min { get; init; }

    /// <summary>The mean, in the unit.</summary>
    public IReadOnlyList<double?>? Mean { get; init; }

    /// <summary>The largest value, in the unit.</summary>
    public IReadOnlyList<double?>? Max { get; init; }

    /// <summary>The population standard deviation, in the unit.</summary>
    public IReadOnlyList<double?>? Mdev { get; init; }

    /// <summary>The mean absolute difference of successive values, in the unit.</summary>
    public IReadOnlyList<double?>? Jitter { get; init; }

    /// <summary>A column for each quantile, in the unit.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<double?>>? Quantiles { get; init; }
}

/// <summary>Distributions over time: what the document of the API says of the answer.</summary>
/// <param name="Quantity">What the series hold.</param>
/// <param name="From">Where the first window begins.</param>
/// <param name="To">Where the last one ends, exclusive.</param>
/// <param name="StepSeconds">How long each is.</param>
/// <param name="AskedStepSeconds">How long each would be if nothing limited the answer.</param>
/// <param name="IsWidened">True when there are fewer and wider windows than asked for.</param>
/// <param name="Count">How many.</param>
/// <param name="Series">One for each IP version and vantage point.</param>
public sealed record HistogramOfSeries(
    string Quantity, DateTimeOffset From, DateTimeOffset To, double StepSeconds, double AskedStepSeconds,
    bool IsWidened, int Count, IReadOnlyList<HistogramColumns> Series);

/// <summary>The distributions of a series, an entry for each window.</summary>
/// <param name="Id">The target.</param>
/// <param name="VantagePoint">Where it was measured from.</param>
/// <param name="Family">4 or 6.</param>
/// <param name="Unit">The unit of the edges: <c>ms</c>, or that of the quantity.</param>
/// <param name="IsCoarse">True when some windows hold a summary that could not be cut at their edge.</param>
/// <param name="EdgesMs">Where the buckets begin, and where the last ends; empty when nothing was received.</param>
/// <param name="Sent">Probes sent and measured; null when there are none.</param>
/// <param name="Lost">Of these, without a valid answer.</param>
/// <param name="First">The bucket of the first number in the window's counts; null when nothing was received.</param>
/// <param name="Counts">How many samples are in each bucket, from the first in use to the last.</param>
public sealed record HistogramColumns(
    string Id, string VantagePoint, int Family, string Unit, bool IsCoarse, IReadOnlyList<double>? EdgesMs,
    IReadOnlyList<long?> Sent, IReadOnlyList<long?> Lost, IReadOnlyList<int?> First,
    IReadOnlyList<IReadOnlyList<long>?> Counts)
{
    /// <summary>The edges of what is no duration, in the unit.</summary>
    public IReadOnlyList<double>? Edges { get; init; }
}

/// <summary>The last samples: what the document of the API says of the answer.</summary>
/// <param name="Series">One for each series that has a sample.</param>
public sealed record LatestOfSeries(IReadOnlyList<LatestSample> Series);

/// <summary>The last sample of a series.</summary>
/// <param name="Id">The target.</param>
/// <param name="VantagePoint">Where it was measured from.</param>
/// <param name="Family">4 or 6.</param>
/// <param name="Quantity">What the series holds.</param>
/// <param name="Unit">The unit of the value: <c>ms</c>, or that of the quantity.</param>
/// <param name="SentAt">When it was sent.</param>
/// <param name="ValueMs">The value of a duration; null when it was lost.</param>
/// <param name="Loss">Why it was lost, for example <c>timeout</c>; null when it was answered.</param>
/// <param name="Suspect">True when the program was late while it was taken.</param>
public sealed record LatestSample(
    string Id, string VantagePoint, int Family, string Quantity, string Unit, DateTimeOffset SentAt, double? ValueMs,
    string? Loss, bool Suspect)
{
    /// <summary>The value of what is no duration, in the unit; null when it was lost.</summary>
    public double? Value { get; init; }
}
