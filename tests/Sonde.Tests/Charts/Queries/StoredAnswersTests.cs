using System.Net;
using Xunit;

namespace Sonde.Tests.Charts.Queries;

/// <summary>What callers see of a store that fails or is slow, and the store of callers that go away.</summary>
public sealed class StoredAnswersTests
{
    private const string Query = "/api/v1/targets/icmp-router/windows";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/api/v1/targets/icmp-router/windows")]
    [InlineData("/api/v1/windows?targets=all")]
    [InlineData("/api/v1/targets/icmp-router/histogram")]
    [InlineData("/api/v1/targets/icmp-router/latest")]
    [InlineData("/api/v1/latest?targets=all")]
    public async Task A_store_that_cannot_be_read_is_said_in_its_words(string path)
    {
        await using var lab = await QueryLab.StartAsync();
        lab.AddHour("icmp-router");
        await lab.AskAsync(path);   // which series there are is known from now on
        lab.Site.Store.Problem = "The disk is full.";

        var (status, body) = await lab.AskAsync(path);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("The disk is full.", body.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_store_that_fails_in_the_middle_breaks_the_answer_off()
    {
        await using var lab = await QueryLab.StartAsync();
        lab.AddHour("icmp-router");
        lab.AddHour("icmp-router", family: 6);
        lab.Site.Store.BeforeWindows = (series, _) =>
        {
            lab.Site.Store.Problem = "The disk is gone.";
            return Task.CompletedTask;
        };

        await Assert.ThrowsAsync<HttpRequestException>(() => lab.Site.Client.GetStringAsync(Query, Token));
    }

    [Fact]
    public async Task The_store_is_told_when_the_caller_goes_away()
    {
        await using var lab = await QueryLab.StartAsync();
        lab.AddHour("icmp-router");
        var asked = new TaskCompletionSource();
        var told = new TaskCompletionSource();
        lab.Site.Store.BeforeWindows = async (_, token) =>
        {
            using var registration = token.Register(told.SetResult);
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, token);
        };
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Token);

        var request = lab.Site.Client.GetStringAsync(Query, leaving.Token);
        await asked.Task.WaitAsync(Token);
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await told.Task.WaitAsync(Token);
    }

    [Fact]
    public async Task Few_ask_the_store_at_a_time_many_wait_and_one_too_many_is_told()
    {
        await using var lab = await QueryLab.StartAsync();
        lab.AddHour("icmp-router");
        var release = new TaskCompletionSource();
        var inside = 0;
        var most = 0;
        lab.Site.Store.BeforeWindows = async (_, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            await release.Task;
            Interlocked.Decrement(ref inside);
        };
        var turns = Math.Max(4, Environment.ProcessorCount);

        var requests = Enumerable.Range(0, turns + 101).Select(_ => lab.Site.Client.GetAsync(Query, Token)).ToList();
        var refused = await Task.WhenAny(requests);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await refused).StatusCode);
        release.SetResult();
        var answers = await Task.WhenAll(requests);

        Assert.Single(answers, answer => answer.StatusCode != HttpStatusCode.OK);
        Assert.Equal(turns, most);
    }
}
