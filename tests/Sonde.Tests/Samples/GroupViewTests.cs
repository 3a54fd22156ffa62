using Sonde.Samples;
using Xunit;

namespace Sonde.Tests.Samples;

public sealed class GroupViewTests
{
    [Fact]
    public void A_group_has_the_mean_and_mdev_over_its_members_the_worst_and_the_most_unstable()
    {
        var members = MembersOf(
            ("icmp-steady", [10_000, 10_000, 10_000, 10_000]),
            ("icmp-lossy", [20_000, null, 20_000, 20_000]),
            ("icmp-lossy-and-slow", [null, 60_000, 60_000, 60_000]),
            ("icmp-shaky", [20_000, 40_000, 20_000, 40_000]));

        var group = GroupView.Of("channels", members);

        Assert.Equal(30_000, group.MeanMicroseconds);   // of 10, 20, 60 and 30 ms
        Assert.Equal(Math.Sqrt(350_000_000), group.MeanDeviationMicroseconds!.Value, 1e-6);
        Assert.Equal("icmp-lossy-and-slow", group.Worst?.Check.Id.Value);
        Assert.Equal("icmp-shaky", group.MostUnstable?.Check.Id.Value);
        Assert.Equal(2, group.CountIn(CheckState.Up));
        Assert.Equal(2, group.CountIn(CheckState.Degraded));
    }

    [Fact]
    public void Members_that_were_never_answered_count_in_no_mean_but_may_be_the_worst()
    {
        var group = GroupView.Of("channels", MembersOf(("icmp-dead", [null, null, null]), ("icmp-live", [10_000]), ("icmp-new", [])));

        Assert.Equal((10_000, 0.0), (group.MeanMicroseconds, group.MeanDeviationMicroseconds));
        Assert.Equal("icmp-dead", group.Worst?.Check.Id.Value);
        Assert.Null(group.MostUnstable);
    }

    [Fact]
    public void A_group_in_which_nothing_was_measured_has_no_numbers()
    {
        var group = GroupView.Of("channels", MembersOf(("icmp-new", [])));

        Assert.Null(group.MeanMicroseconds);
        Assert.Null(group.MeanDeviationMicroseconds);
        Assert.Null(group.Worst);
        Assert.Null(group.MostUnstable);
    }

    private static IReadOnlyList<CheckView> MembersOf(params (string Id, long?[] Rtts)[] members)
    {
        var lab = new LiveLab([.. members.Select(member => LiveLab.CheckOf(member.Id))]);
        foreach (var (id, rtts) in members)
        {
            for (var round = 0; round < rtts.Length; round++)
            {
                lab.Round(LiveLab.CheckOf(id), round, rtts[round]);
            }
        }
        return lab.Live.All(lab.Now);
    }
}
