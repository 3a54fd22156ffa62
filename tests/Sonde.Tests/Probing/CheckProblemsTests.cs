using Sonde.Probing;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Probing;

public sealed class CheckProblemsTests
{
    private static readonly CheckId Id = CheckId.Parse("icmp-a");
    private readonly CheckProblems _problems = new();

    [Fact]
    public void A_problem_is_told_once_and_its_end_once()
    {
        Assert.Equal(
            [false, true, false, true, true, false],
            new[] { null, "no route", "no route", "no permission", null, null }
                .Select(problem => _problems.Take(Id, FamilyChoice.Auto, problem)));
    }

    [Fact]
    public void A_family_that_works_does_not_hide_that_the_other_does_not()
    {
        Assert.False(_problems.Take(Id, FamilyChoice.Four, null));
        Assert.True(_problems.Take(Id, FamilyChoice.Six, "no route"));

        for (var round = 0; round < 3; round++)
        {
            Assert.False(_problems.Take(Id, FamilyChoice.Four, null));
            Assert.False(_problems.Take(Id, FamilyChoice.Six, "no route"));
        }

        Assert.Equal("no route", _problems.Find(Id));
        Assert.True(_problems.Take(Id, FamilyChoice.Six, null));
        Assert.Null(_problems.Find(Id));
    }

    [Fact]
    public void After_a_check_is_gone_its_problem_is_told_again()
    {
        _problems.Take(Id, FamilyChoice.Auto, "no route");

        Assert.True(_problems.Forget(Id));
        Assert.False(_problems.Forget(Id));

        Assert.True(_problems.Take(Id, FamilyChoice.Auto, "no route"));
    }

    [Fact]
    public void Checks_have_problems_of_their_own()
    {
        _problems.Take(Id, FamilyChoice.Auto, "no route");

        Assert.False(_problems.Take(CheckId.Parse("icmp-b"), FamilyChoice.Auto, null));
        Assert.Equal("no route", _problems.Find(Id));
    }
}
