using Sonde.Probing;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Probing;

public sealed class CheckProblemsTests
{
    private static readonly Check One = Checks.Icmp("a");
    private static readonly Check Both = One with { Family = FamilyChoice.Both };
    private readonly CheckProblems _problems = new();

    [Fact]
    public void A_problem_is_told_once_and_its_end_once()
    {
        Assert.Equal(
            [false, true, false, true, true, false],
            new[] { null, "no route", "no route", "no permission", null, null }
                .Select(problem => _problems.Take(One, FamilyChoice.Auto, problem)));
    }

    [Fact]
    public void The_words_of_a_check_over_one_family_do_not_name_it()
    {
        _problems.Take(One with { Family = FamilyChoice.Six }, FamilyChoice.Six, "no route");

        Assert.Equal("not sent: no route", _problems.Find(One.Id));
    }

    [Fact]
    public void A_family_that_works_does_not_hide_that_the_other_does_not()
    {
        Assert.False(_problems.Take(Both, FamilyChoice.Four, null));
        Assert.True(_problems.Take(Both, FamilyChoice.Six, "no route"));

        for (var round = 0; round < 3; round++)
        {
            Assert.False(_problems.Take(Both, FamilyChoice.Four, null));
            Assert.False(_problems.Take(Both, FamilyChoice.Six, "no route"));
        }

        Assert.Equal("IPv6 not sent: no route", _problems.Find(Both.Id));
        Assert.True(_problems.Take(Both, FamilyChoice.Four, "no permission"));
        Assert.Equal("IPv4 not sent: no permission; IPv6 not sent: no route", _problems.Find(Both.Id));
        Assert.True(_problems.Take(Both, FamilyChoice.Four, "no route"));
        Assert.Equal("not sent: no route", _problems.Find(Both.Id));
        Assert.True(_problems.Take(Both, FamilyChoice.Six, null));
        Assert.Equal("IPv4 not sent: no route", _problems.Find(Both.Id));
        Assert.True(_problems.Take(Both, FamilyChoice.Four, null));
        Assert.Null(_problems.Find(Both.Id));
    }

    [Fact]
    public void After_a_check_is_gone_its_problem_is_told_again()
    {
        _problems.Take(One, FamilyChoice.Auto, "no route");

        Assert.True(_problems.Forget(One.Id));
        Assert.False(_problems.Forget(One.Id));

        Assert.True(_problems.Take(One, FamilyChoice.Auto, "no route"));
    }

    [Fact]
    public void Checks_have_problems_of_their_own()
    {
        _problems.Take(One, FamilyChoice.Auto, "no route");

        Assert.False(_problems.Take(Checks.Icmp("b"), FamilyChoice.Auto, null));
        Assert.Equal("not sent: no route", _problems.Find(One.Id));
    }
}
