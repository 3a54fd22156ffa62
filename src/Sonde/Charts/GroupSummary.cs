namespace Sonde.Charts;

/// <summary>The members of a group, region or tag taken together, over the last five minutes.</summary>
/// <param name="MeanMs">The mean of the members' means, each member counting once; null when none answered.</param>
/// <param name="MdevMs">The standard deviation of the members' means.</param>
/// <param name="Worst">Who lost most, of equals who has the highest p95; null when nothing tells them apart.</param>
/// <param name="MostUnstable">Who has the highest jitter; null when nobody has any.</param>
internal sealed record GroupSummary(double? MeanMs, double? MdevMs, TargetRow? Worst, TargetRow? MostUnstable)
{
    /// <summary>Sums up the members.</summary>
    public static GroupSummary Of(IReadOnlyList<TargetRow> members)
    {
        var means = members.Where(row => row.MeanMs is not null).Select(row => row.MeanMs!.Value).ToList();
        double? mean = means.Count > 0 ? means.Average() : null;
        double? mdev = mean is { } middle ? Math.Sqrt(means.Average(value => (value - middle) * (value - middle))) : null;
        return new GroupSummary(
            mean, mdev,
            members.Where(row => row.LossRatio is not null).OrderByDescending(row => row.LossRatio).ThenByDescending(row => row.P95Ms)
                .FirstOrDefault(),
            members.Where(row => row.JitterMs is not null).MaxBy(row => row.JitterMs));
    }
}
