using System.Net;
using Sonde.Configuration;
using Sonde.Self;
using Xunit;

namespace Sonde.Tests.Self;

public sealed class SelfTests
{
    private static readonly Problem Refused =
        new("The configuration was refused", "sonde.yaml:1:1: tabs are not allowed");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_alive_and_ready_when_nothing_is_wrong()
    {
        await using var site = await RunningSite.StartAsync(Checks.Configuration());

        Assert.Equal("alive\n", await site.Client.GetStringAsync("/healthz", Token));
        Assert.Equal("ready\n", await site.Client.GetStringAsync("/readyz", Token));
    }

    [Fact]
    public async Task It_is_not_ready_while_a_part_is_unwell_and_says_why()
    {
        await using var site = await RunningSite.StartAsync(Checks.Configuration());
        site.Problems.Add(Refused with { Text = "sonde.yaml:1:1: tabs are not allowed\nsonde.yaml:2:5: too long" });
        site.Problems.Add(new("No permission for ICMP", "other kinds go on", IsUnready: false));

        using var answer = await site.Client.GetAsync("/readyz", Token);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(
            "The configuration was refused: sonde.yaml:1:1: tabs are not allowed\n"
                + "The configuration was refused: sonde.yaml:2:5: too long\n",
            await answer.Content.ReadAsStringAsync(Token));
        Assert.Equal("alive\n", await site.Client.GetStringAsync("/healthz", Token));
    }

    [Fact]
    public async Task Who_has_no_token_learns_that_it_is_not_ready_but_not_why()
    {
        var web = new WebConfiguration { Token = "a-token-of-many-letters" };
        var configuration = Checks.Configuration() with { Web = web };
        await using var site = await RunningSite.StartAsync(configuration);
        site.Problems.Add(Refused);

        using var answer = await site.Client.GetAsync("/readyz", Token);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.DoesNotContain("sonde.yaml", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_file_is_not_reloaded_and_the_answer_says_where_it_is_bad()
    {
        await using var site = await RunningSite.StartAsync(Checks.Configuration());
        site.ReloadProblems.Add("sonde.yaml:7:3: unknown key 'intervall'; did you mean 'interval'?");

        using var answer = await site.Client.PostAsync("/-/reload", null, Token);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("sonde.yaml:7:3", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reloading_is_no_matter_of_looking()
    {
        await using var site = await RunningSite.StartAsync(Checks.Configuration());

        using var answer = await site.Client.GetAsync("/-/reload", Token);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
    }
}
