using Microsoft.AspNetCore.Http.HttpResults;
using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.Charts;

/// <summary><c>GET /api/v1/targets</c> and <c>GET /api/v1/targets/{id}</c>: the numbers of the pages.</summary>
internal static class TargetsEndpoint
{
    /// <summary>Maps both.</summary>
    public static void MapTargets(this IEndpointRouteBuilder api)
    {
        api.MapGet("/targets", List).WithName("ListTargets").WithSummary("All targets, or those that pass the filters");
        api.MapGet("/targets/{id}", Get).WithName("GetTarget")
            .WithSummary("A target with its windows of 1, 5 and 60 minutes");
    }

    private static Results<Ok<IEnumerable<TargetRow>>, ValidationProblem> List(
        OverviewReader overview, string? q, string? state, string? tag, string? region, string? kind)
    {
        var filter = TargetFilter.FromQuery(q, state, tag, region, kind);
        if (filter.State is not null && !TargetFilter.States.Contains(filter.State))
        {
            return Invalid.Parameter("state", $"must be one of {string.Join(", ", TargetFilter.States)}");
        }
        return TypedResults.Ok(overview.Read().Entries.Select(entry => entry.Row).Where(filter.Passes));
    }

    private static Results<Ok<TargetDetails>, NotFound> Get(CheckId id, LiveChecks checks, TimeProvider time) =>
        checks.Find(id, time.GetUtcNow().ToUnixTimeMilliseconds()) is { } view
            ? TypedResults.Ok(TargetViews.ToDetails(view))
            : TypedResults.NotFound();
}

/// <summary>Says which parameter is wrong.</summary>
internal static class Invalid
{
    /// <summary>A 400 that names the parameter and says what it must be.</summary>
    public static ValidationProblem Parameter(string name, string problem) =>
        TypedResults.ValidationProblem(new Dictionary<string, string[]> { [name] = [$"{name} {problem}"] });
}
