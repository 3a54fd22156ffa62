namespace Sonde.Samples;

/// <summary>A group of checks in one line: how its members do on the whole, and which stand out. Over the last five
/// minutes.</summary>
/// <param name="Name">The group's name.</param>
/// <param name="Members">Its checks, one or more.</param>
/// <param name="MeanMicroseconds">The mean over its members' mean RTTs, each member counting the same; null = none
/// was answered.</param>
/// <param name="MeanDeviationMicroseconds">The population standard deviation of its members' mean RTTs; null = none
/// was answered.</param>
/// <param name="Worst">The member that lost most and, among equals, has the highest 95th percentile; null = nothing
/// was sent.</param>
/// <param name="MostUnstable">The member with the highest jitter; null = no member has one.</param>
internal sealed record GroupView(
    string Name, IReadOnlyList<CheckView> Members, double? MeanMicroseconds, double? MeanDeviationMicroseconds,
    CheckView? Worst, CheckView? MostUnstable)
{
    /// <summary>Puts the members of a group together.</summary>
    public static GroupView Of(string name, IReadOnlyList<CheckView> members)
    {
        var means = members.Select(MeanOf).OfType<double>().ToArray();
        double? mean = means.Length == 0 ? null : means.Average();
        double? deviation = mean is null ? null : Math.Sqrt(means.Average(one => Math.Pow(one - mean.Value, 2)));
        var worst = members.Where(member => LossOf(member) is not null)
            .OrderByDescending(LossOf).ThenByDescending(NinetyFifthOf).FirstOrDefault();
        var mostUnstable = members.Where(member => JitterOf(member) is not null).MaxBy(JitterOf);
        return new(name, members, mean, deviation, worst, mostUnstable);
    }

    /// <summary>How many members are in a state.</summary>
    public int CountIn(CheckState state) => Members.Count(member => member.State == state);

    /// <summary>The mean RTT of a member over all its series; null = nothing was received.</summary>
    private static double? MeanOf(CheckView member)
    {
        var windows = member.Series.Select(series => series.FiveMinutes.Window).ToArray();
        var received = windows.Sum(window => window.Received);
        return received == 0 ? null : windows.Sum(window => window.MeanMicroseconds * window.Received) / received;
    }

    /// <summary>Lost ÷ sent of a member over all its series; null = nothing was sent.</summary>
    public static double? LossOf(CheckView member)
    {
        var sent = member.Series.Sum(series => series.FiveMinutes.Window.Sent);
        return sent == 0 ? null : (double)member.Series.Sum(series => series.FiveMinutes.Window.Lost) / sent;
    }

    /// <summary>The highest 95th percentile of its series; null = nothing was received.</summary>
    public static long? NinetyFifthOf(CheckView member) =>
        member.Series.Max(series => series.FiveMinutes.Window.QuantileMicroseconds(0.95));

    /// <summary>The highest jitter of its series in microseconds; null without a pair.</summary>
    public static double? JitterOf(CheckView member) =>
        member.Series.Max(series => series.FiveMinutes.Window.JitterMicroseconds);
}
