using Sonde.Marks;
using Sonde.Measurement.Http;
using Sonde.Probing;
using Sonde.Samples;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Probing;

public sealed class ContentWatchTests
{
    private static readonly Check Watched = Checks.Icmp("web") with
    {
        Kind = CheckKind.Http,
        Url = new Uri("http://192.0.2.1/"),
        Http = new HttpSettings { WatchesContent = true },
    };

    private readonly ContentWatch _watch = new();
    private readonly CheckRun _run = Run(Watched, FamilyChoice.Four);

    [Fact]
    public void The_first_body_compares_with_nothing_and_another_one_is_marked()
    {
        Assert.Null(Take(1_000, "a"));
        Assert.Null(Take(2_000, "a"));
        Assert.Equal(
            new Mark(3_000, MarkKind.ContentChanged, Watched.Id, "The content of web changed"), Take(3_000, "b"));
        Assert.Null(Take(4_000, "b"));
    }

    [Fact]
    public void A_body_that_is_another_each_time_is_marked_once_a_minute_with_the_number()
    {
        var marks = Enumerable.Range(0, 130).Select(second => Take(second * 1_000, $"{second}")).OfType<Mark>().ToList();

        Assert.Equal([1_000, 61_000, 121_000], marks.Select(mark => mark.AtMilliseconds));
        Assert.Equal("The content of web changed 60 times since its last mark", marks[1].Text);
    }

    [Fact]
    public void A_change_within_the_minute_is_marked_when_the_minute_is_over_with_its_own_time()
    {
        Take(0, "a");
        Take(1_000, "b");
        Assert.Null(Take(31_000, "a"));

        var mark = Take(61_000, "a");

        Assert.Equal((31_000, "The content of web changed"), (mark?.AtMilliseconds, mark?.Text));
        Assert.Null(Take(62_000, "a"));
    }

    [Fact]
    public void The_families_are_compared_each_with_itself()
    {
        var over6 = Run(Watched, FamilyChoice.Six);
        Take(0, "a");

        Assert.Null(_watch.Take(over6, Findings("b"), 1_000));
        Assert.Null(Take(2_000, "a"));
    }

    [Fact]
    public void What_was_taken_away_compares_with_nothing_again()
    {
        Take(0, "a");

        _watch.Forget(_run);

        Assert.Null(Take(1_000, "b"));
    }

    [Fact]
    public void Unwatched_checks_and_answers_without_a_body_are_passed_over()
    {
        var unwatched = Run(Watched with { Http = new HttpSettings() }, FamilyChoice.Four);
        Take(0, "a");

        Assert.Null(_watch.Take(unwatched, Findings("b"), 1_000));
        Assert.Null(_watch.Take(_run, null, 2_000));
        Assert.Null(_watch.Take(_run, Findings(null), 3_000));
        Assert.Null(Take(4_000, "a"));
    }

    private static CheckRun Run(Check check, FamilyChoice family) => new(check, family, new SeriesHandle(0), 1, 0);

    private static HttpFindings Findings(string? hash) => new([]) { BodyHash = hash };

    private Mark? Take(long at, string hash) => _watch.Take(_run, Findings(hash), at);
}
