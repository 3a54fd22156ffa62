using System.Net;
using Sonde.Marks;
using Sonde.Measurement.Timing;
using Sonde.Probing;
using Sonde.Samples;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Probing;

public sealed class ProbingChecksTests
{
    private const long FirstRound = 4L << 32;
    private static readonly IPAddress V4 = IPAddress.Parse("192.0.2.7");
    private static readonly IPAddress OtherV4 = IPAddress.Parse("192.0.2.8");
    private static readonly IPAddress V6 = IPAddress.Parse("2001:db8::7");
    private static readonly Check Named = Checks.Icmp("named") with { Host = "name.example" };

    private readonly SeriesCatalog _catalog = new();
    private readonly RoundSchedule _schedule = new();
    private readonly List<Mark> _marks = [];
    private readonly ProbingChecks _checks;

    public ProbingChecksTests() => _checks = new ProbingChecks(
        new MeasurementClock(), _schedule, _catalog, "local", FirstRound, _marks.Add);

    [Fact]
    public void A_check_of_an_address_begins_with_the_first_round_of_the_run()
    {
        var run = Apply(Checks.Icmp("a"));

        Assert.Equal((FirstRound, 0), (run.RoundNumber, run.NextIndex));
        Assert.Equal(IPAddress.Parse("192.0.2.1"), run.Target!.Address);
        Assert.Equal(new SeriesKey(CheckId.Parse("icmp-a"), "local", 4, Quantity.Rtt), _catalog.KeyOf(run.Series));
        Assert.Same(run, _schedule.TakeDue(long.MaxValue));
    }

    [Fact]
    public void Every_new_address_is_told_with_its_series()
    {
        var told = new List<(SeriesHandle, IPAddress)>();
        _checks.AddressChanged = (series, address) => told.Add((series, address));
        var run = Apply(Named);
        Assert.Empty(told);

        _checks.TakeName("name.example", new ResolvedName([V4], null));
        _checks.TakeName("name.example", new ResolvedName([V4, OtherV4], null));
        _checks.TakeName("name.example", new ResolvedName([OtherV4], null));

        Assert.Equal([(run.Series, V4), (run.Series, OtherV4)], told);
    }

    [Fact]
    public void A_check_that_measures_as_before_keeps_its_place_its_rounds_and_its_series()
    {
        var run = Apply(Checks.Icmp("a"));
        run.MoveOn();
        var (place, round, series) = (run.NextProbeAt, run.RoundNumber, run.Series);

        var after = Apply(Checks.Icmp("a") with { Region = "eu", Tags = ["x"], Name = "renamed", Group = "g" });

        Assert.Same(run, after);
        Assert.Equal((place, round, series), (after.NextProbeAt, after.RoundNumber, after.Series));
        Assert.Equal("renamed", after.Check.Name);
        Assert.False(after.IsRemoved);
    }

    [Fact]
    public void A_changed_interval_begins_anew_with_later_rounds_and_the_same_series()
    {
        var run = Apply(Checks.Icmp("a"));
        run.MoveOn();
        run.MoveOn();

        var after = Apply(Checks.Icmp("a") with { Interval = TimeSpan.FromSeconds(7) });

        Assert.NotSame(run, after);
        Assert.True(run.IsRemoved);
        Assert.Equal(FirstRound + 3, after.RoundNumber);
        Assert.Equal(run.Series, after.Series);
    }

    [Fact]
    public void Round_numbers_never_repeat_however_often_a_check_goes_and_comes()
    {
        var seen = new HashSet<long>();
        for (var i = 0; i < 5; i++)
        {
            var run = Apply(Checks.Icmp("a"));
            for (var round = 0; round < 3; round++)
            {
                Assert.True(seen.Add(run.RoundNumber));
                run.MoveOn();
            }
            Assert.True(seen.Add(run.RoundNumber)); // begun, and cut off
            _checks.Apply([]);
            Assert.Empty(_checks.All);
        }
    }

    [Fact]
    public void A_renamed_check_goes_on_behind_the_rounds_of_its_former_self()
    {
        Apply(Checks.Icmp("a")).MoveOn();

        var renamed = Apply(Checks.Icmp("b") with { RenamedFrom = CheckId.Parse("icmp-a") });

        Assert.Equal(FirstRound + 2, renamed.RoundNumber);
    }

    [Fact]
    public void What_stopped_is_told()
    {
        _checks.Apply([Checks.Icmp("a"), Checks.Icmp("b"), Checks.Icmp("c")]);

        var stopped = _checks.Apply([Checks.Icmp("a"), Checks.Icmp("b") with { Packets = 3 }]);

        Assert.Equal(["icmp-b", "icmp-c"], stopped.Select(run => run.Check.Id.Value).Order());
        Assert.All(stopped, run => Assert.True(run.IsRemoved));
    }

    [Fact]
    public void Nothing_is_kept_of_what_is_gone()
    {
        _checks.Apply([Checks.Icmp("a") with { Interval = TimeSpan.FromDays(1) }, Named]);

        _checks.Apply([]);

        Assert.Equal(long.MaxValue, _schedule.NextDue);
    }

    [Fact]
    public void A_round_keeps_the_address_and_the_series_with_which_it_began()
    {
        var run = Apply(Named with { Packets = 3 });
        _checks.TakeName("name.example", new ResolvedName([V6, V4], null));
        run.Open(0);
        run.MoveOn();

        _checks.TryOtherFamily(run);

        Assert.Equal((V6, (byte)6), (run.RoundTarget!.Address, _catalog.KeyOf(run.RoundSeries).Family));
        run.MoveOn();
        run.MoveOn();
        run.Open(0);
        Assert.Equal((V4, (byte)4), (run.RoundTarget.Address, _catalog.KeyOf(run.RoundSeries).Family));
    }

    [Fact]
    public void A_round_that_began_without_an_address_takes_the_one_that_comes_if_the_series_is_the_same()
    {
        var run = Apply(Named);
        run.Open(0);

        _checks.TakeName("name.example", new ResolvedName([V4], null));

        Assert.Equal(V4, run.RoundTarget!.Address);
    }

    [Fact]
    public void A_round_that_began_without_an_address_takes_none_of_another_series()
    {
        var run = Apply(Named);
        run.Open(0);

        _checks.TakeName("name.example", new ResolvedName([V6], null));

        Assert.Null(run.RoundTarget);
        run.Open(0);
        Assert.Equal(V6, run.RoundTarget!.Address);
    }

    [Fact]
    public void A_check_that_starts_anew_goes_on_at_the_last_good_address_of_its_name()
    {
        Apply(Named);
        _checks.TakeName("name.example", new ResolvedName([V4], null));
        _checks.TakeName("NAME.example", new ResolvedName(null, "the resolver does not answer"));

        var changed = Apply(Named with { Interval = TimeSpan.FromSeconds(7) });

        Assert.Equal(V4, changed.Target!.Address);
        Assert.Empty(_marks);
        _checks.Apply([]);
        Assert.Null(Apply(Named).Target); // nobody has asked for the name meanwhile: it may be another's by now
    }

    [Fact]
    public void A_check_that_is_gone_does_not_change_its_family_any_more()
    {
        var run = Apply(Named);
        _checks.TakeName("name.example", new ResolvedName([V6, V4], null));
        _checks.Apply([]);

        _checks.TryOtherFamily(run);

        Assert.Equal(V6, run.Target!.Address);
        Assert.Empty(_marks);
    }

    [Fact]
    public void Both_families_are_two_series_that_share_their_rounds()
    {
        _checks.Apply([Named with { Family = FamilyChoice.Both }]);
        _checks.TakeName("name.example", new ResolvedName([V6, V4], null));

        var runs = _checks.All.ToList();

        Assert.Equal([V4, V6], runs.Select(run => run.Target!.Address));
        Assert.Equal([4, 6], runs.Select(run => _catalog.KeyOf(run.Series).Family));
        Assert.Equal([FirstRound, FirstRound], runs.Select(run => run.RoundNumber));
        Assert.Equal(runs[0].NextProbeAt, runs[1].NextProbeAt);
    }

    [Fact]
    public void Before_its_name_is_resolved_a_check_has_no_target_and_no_problem()
    {
        var run = Apply(Named);

        Assert.Null(run.Target);
        Assert.Null(run.NameProblem);
    }

    [Fact]
    public void A_name_is_the_same_in_capitals()
    {
        var run = Apply(Named);

        _checks.TakeName("NAME.example", new ResolvedName([V4], null));

        Assert.Equal(V4, run.Target!.Address);
    }

    [Fact]
    public void When_the_resolver_is_away_the_last_good_address_serves()
    {
        var run = Apply(Named);
        _checks.TakeName("name.example", new ResolvedName([V4], null));

        _checks.TakeName("name.example", new ResolvedName(null, "the resolver does not answer"));

        Assert.Equal(V4, run.Target!.Address);
        Assert.Null(run.NameProblem);
    }

    [Fact]
    public void A_name_that_does_not_exist_any_more_has_no_target_and_says_so()
    {
        var run = Apply(Named);
        _checks.TakeName("name.example", new ResolvedName([V4], null));

        _checks.TakeName("name.example", new ResolvedName([], "the name name.example does not exist"));

        Assert.Null(run.Target);
        Assert.Equal("the name name.example does not exist", run.NameProblem);
    }

    [Theory]
    [InlineData(FamilyChoice.Six, "192.0.2.7", "name.example has no IPv6 address")]
    [InlineData(FamilyChoice.Four, "2001:db8::7", "name.example has no IPv4 address")]
    [InlineData(FamilyChoice.Auto, null, "name.example has no address")]
    public void A_name_without_an_address_of_the_family_exists_and_says_so(
        object family, string? address, string problem)
    {
        var run = Apply(Named with { Family = (FamilyChoice)family });
        _checks.TakeName("name.example", new ResolvedName([V4, V6], null));

        IPAddress[] left = address is null ? [] : [IPAddress.Parse(address)];
        _checks.TakeName("name.example", new ResolvedName(left, null));

        Assert.Null(run.Target);
        Assert.Equal((null, problem), (run.NameProblem, run.AddressProblem));
        _checks.TakeName("name.example", new ResolvedName([V4, V6], null));
        Assert.NotNull(run.Target);
        Assert.Null(run.AddressProblem);
    }

    [Fact]
    public void An_address_is_kept_while_the_name_still_has_it()
    {
        var run = Apply(Named);
        _checks.TakeName("name.example", new ResolvedName([V4, OtherV4], null));
        var target = run.Target;

        _checks.TakeName("name.example", new ResolvedName([OtherV4, V4], null));

        Assert.Same(target, run.Target);
        Assert.Empty(_marks);
    }

    [Fact]
    public void Another_address_is_the_same_series_with_a_mark()
    {
        var run = Apply(Named);
        _checks.TakeName("name.example", new ResolvedName([V4], null));
        var series = run.Series;

        _checks.TakeName("name.example", new ResolvedName([OtherV4], null));

        Assert.Equal(OtherV4, run.Target!.Address);
        Assert.Equal(series, run.Series);
        var mark = Assert.Single(_marks);
        Assert.Equal((MarkKind.AddressChanged, run.Check.Id), (mark.Kind, mark.Check!.Value));
        Assert.Equal("named is measured at 192.0.2.8 now, before at 192.0.2.7", mark.Text);
    }

    [Fact]
    public void Auto_tries_the_other_family_and_back_each_with_a_mark()
    {
        var run = Apply(Named);
        _checks.TakeName("name.example", new ResolvedName([V6, V4], null));
        Assert.Equal((V6, V4), (run.Target!.Address, run.OtherAddress));

        _checks.TryOtherFamily(run);
        Assert.Equal((V4, V6, (byte)4), (run.Target.Address, run.OtherAddress, _catalog.KeyOf(run.Series).Family));
        _checks.TakeName("name.example", new ResolvedName([V6, V4], null));
        Assert.Equal(V4, run.Target.Address); // the family of the last answer is kept
        _checks.TryOtherFamily(run);

        Assert.Equal((V6, (byte)6), (run.Target.Address, _catalog.KeyOf(run.Series).Family));
        Assert.Equal([MarkKind.FamilyChanged, MarkKind.FamilyChanged], _marks.Select(mark => mark.Kind));
    }

    [Fact]
    public void A_fixed_family_is_never_changed()
    {
        var run = Apply(Named with { Family = FamilyChoice.Four });
        _checks.TakeName("name.example", new ResolvedName([V6, V4], null));

        _checks.TryOtherFamily(run);

        Assert.Equal(V4, run.Target!.Address);
    }

    [Fact]
    public void Without_an_address_of_the_other_family_auto_stays()
    {
        var run = Apply(Named);
        _checks.TakeName("name.example", new ResolvedName([V4], null));

        _checks.TryOtherFamily(run);

        Assert.Equal(V4, run.Target!.Address);
    }

    private CheckRun Apply(Check check)
    {
        _checks.Apply([check]);
        return Assert.Single(_checks.All);
    }
}
