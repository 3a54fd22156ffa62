using System.Runtime.CompilerServices;
using Sonde.Measurement;
using Sonde.Samples;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Samples;

/// <summary>The live windows equal those made of the plain list of all samples, whatever the order of arrival.</summary>
public sealed class LiveWindowTests
{
    [Theory]
    [InlineData(0.1, 1, 2, 4_000)]          // ten a second
    [InlineData(1, 1, 2, 4_500)]            // one a second, for over an hour
    [InlineData(1, 3, 60, 4_200)]           // three probes, and a timeout far longer than the interval
    [InlineData(7, 1, 60, 700)]
    [InlineData(60, 20, 5, 80)]             // as SmokePing does
    [InlineData(3_600, 1, 10, 5)]
    [InlineData(86_400, 2, 60, 40)]         // once a day, for longer than offsets of 31 bits of milliseconds reach
    public void Windows_equal_the_list_at_any_rate(double interval, int packets, double timeout, int rounds)
    {
        var check = LiveLab.CheckOf("icmp-a", interval, timeout) with { Packets = packets };
        var lab = new LiveLab(check);
        var random = new Random(1);
        var arrivals = new PriorityQueue<Sample, long>();
        for (var round = 0; round < rounds; round++)
        {
            for (ushort index = 0; index < packets; index++)
            {
                var sentAt = lab.Now + (long)(check.Gap.TotalMilliseconds * index) + random.Next(3);
                var isLost = random.Next(10) == 0;
                var sample = LiveLab.SampleOf(lab.SeriesOf(check), 500 + round, sentAt, isLost ? null : random.Next(90_000), index) with
                {
                    IsSuspect = random.Next(20) == 0,
                    Duplicates = (ushort)(random.Next(20) == 0 ? 3 : 0),
                };
                arrivals.Enqueue(sample, sentAt + (isLost ? (long)(timeout * 1_000) : sample.Value / 1_000));
            }
            lab.Pass(interval);
            GiveArrived(lab, arrivals);
            if (round % (1 + (rounds / 25)) == 0)
            {
                lab.Live.Tick();
                lab.AssertWindowsEqualTheList();
            }
        }
        lab.Pass(timeout + 1);
        GiveArrived(lab, arrivals);

        Assert.Equal(0, arrivals.Count);
        lab.AssertWindowsEqualTheList();
        Assert.Equal(0, lab.Live.TooLate);
    }

    [Fact]
    public void A_window_ends_with_the_step_under_way_and_moves_by_a_sixtieth()
    {
        var check = LiveLab.CheckOf("icmp-a");
        var lab = new LiveLab(check);
        lab.Round(check, 1, 1_000);

        lab.Pass(59.999);
        Assert.Equal(1, lab.View(check).Series[0].OneMinute.Window.Sent);
        lab.Pass(0.001);
        Assert.Equal(0, lab.View(check).Series[0].OneMinute.Window.Sent);
        lab.Pass(239.999);
        Assert.Equal(1, lab.View(check).Series[0].FiveMinutes.Window.Sent);
        lab.Pass(0.001);
        Assert.Equal(0, lab.View(check).Series[0].FiveMinutes.Window.Sent);
        lab.Pass(3_299.999);
        Assert.Equal(1, lab.View(check).Series[0].SixtyMinutes.Window.Sent);
        lab.Pass(0.001);
        Assert.Equal(0, lab.View(check).Series[0].SixtyMinutes.Window.Sent);
    }

    [Fact]
    public void A_sample_given_twice_counts_once()
    {
        var check = LiveLab.CheckOf("icmp-a");
        var lab = new LiveLab(check);

        lab.Round(check, 1, 1_000);
        lab.Round(check, 1, 1_000);

        Assert.Equal(1, lab.View(check).Series[0].OneMinute.Window.Sent);
    }

    [Fact]
    public void A_sample_that_comes_minutes_after_its_neighbours_is_counted_as_too_late()
    {
        var check = LiveLab.CheckOf("icmp-a");
        var lab = new LiveLab(check);
        lab.Round(check, 5, 1_000);
        lab.Pass(400);
        lab.Live.Tick();

        lab.Give(LiveLab.SampleOf(lab.SeriesOf(check), 4, lab.Now - 401_000, 1_000));

        Assert.Equal(1, lab.Live.TooLate);
    }

    [Theory]
    [InlineData(-90)]
    [InlineData(-1_800)]
    [InlineData(-5_000_000)]
    [InlineData(1_800)]
    [InlineData(5_000_000)]
    public void A_step_of_the_wall_clock_leaves_the_hour_equal_to_the_list_and_all_windows_once_it_has_passed(double step)
    {
        var check = LiveLab.CheckOf("icmp-a");
        var lab = new LiveLab(check);
        Measure(lab, check, 0, 1_000);

        lab.Pass(step);   // the fake clock can go back, too
        for (var part = 0; part < 10; part++)
        {
            Measure(lab, check, 1_000 + (part * 250), 250);
            lab.AssertHoursEqualTheList();
        }

        lab.AssertWindowsEqualTheList();
    }

    [Fact]
    public void The_sparkline_shows_the_maximum_of_each_five_seconds_with_gaps_and_losses()
    {
        var check = LiveLab.CheckOf("icmp-a");
        var lab = new LiveLab(check);
        lab.Round(check, 1, 1_000);
        lab.Pass(1);
        lab.Round(check, 2, 3_000);
        lab.Pass(4);
        lab.Round(check, 3, null);
        lab.Pass(1);
        lab.Round(check, 4, 2_000);
        lab.Pass(4);
        lab.Round(check, 5, null);
        lab.Pass(10);

        var points = lab.View(check).Series[0].Sparkline;

        Assert.Equal(60, points.Length);
        Assert.Equal([new(3_000, false), new(2_000, true), new(null, true), default, default], points[55..]);
        Assert.All(points[..55], point => Assert.Equal(default, point));
    }

    [Fact]
    public void The_last_sample_is_the_newest_by_round_not_by_arrival()
    {
        var check = LiveLab.CheckOf("icmp-a");
        var lab = new LiveLab(check);

        lab.Give(LiveLab.SampleOf(lab.SeriesOf(check), 2, lab.Now, 2_000) with { TimeToLive = 57 });
        lab.Give(LiveLab.SampleOf(lab.SeriesOf(check), 1, lab.Now - 1_000, null));

        Assert.Equal((2, (byte?)57), (lab.View(check).Series[0].Last!.Value.Round, lab.View(check).Series[0].Last!.Value.TimeToLive));
    }

    [Fact]
    public void A_view_is_a_copy_and_stays_the_same_object_as_long_as_nothing_changes()
    {
        var check = LiveLab.CheckOf("icmp-a");
        var lab = new LiveLab(check);
        lab.Round(check, 1, 1_000);

        var before = lab.View(check);
        Assert.Same(before, lab.View(check));
        lab.Round(check, 2, 2_000);

        Assert.NotSame(before, lab.View(check));
        Assert.Equal(1, before.Series[0].OneMinute.Window.Sent);
        Assert.Equal(2, lab.View(check).Series[0].OneMinute.Window.Sent);
    }

    [Fact]
    public void Every_loss_reason_leaves_room_for_the_suspect_bit() =>
        Assert.All(Enum.GetValues<LossReason>(), reason => Assert.InRange((int)reason, 0, 127));

    [Fact]
    public void A_packed_sample_takes_16_bytes() => Assert.Equal(16, Unsafe.SizeOf<PackedSample>());

    private static void Measure(LiveLab lab, Check check, long firstRound, int rounds)
    {
        for (var round = firstRound; round < firstRound + rounds; round++)
        {
            lab.Round(check, round, round % 7 == 0 ? null : 1_000 + round);
            lab.Pass(1);
            lab.Live.Tick();
        }
    }

    private static void GiveArrived(LiveLab lab, PriorityQueue<Sample, long> arrivals)
    {
        var arrived = new List<Sample>();
        while (arrivals.TryPeek(out var next, out var at) && at <= lab.Now)
        {
            arrived.Add(next);
            arrivals.Dequeue();
        }
        lab.Give([.. arrived]);
    }
}
