using Microsoft.AspNetCore.Http.HttpResults;
using Sonde.Charts.Queries;
using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.Charts;

/// <summary><c>GET /api/v1/targets/{id}/samples</c>: every sample of a span, as the chart draws it.</summary>
internal static class SamplesEndpoint
{
    private static readonly TimeSpan LongestSpan = TimeSpan.FromHours(24);
    private static readonly TimeSpan DefaultSpan = TimeSpan.FromMinutes(15);

    /// <summary>Maps it.</summary>
    public static void MapSamples(this IEndpointRouteBuilder api) =>
        api.MapGet("/targets/{id}/samples", GetAsync).WithName("GetSamples")
            .WithSummary("The samples from (inclusive) to (exclusive); default the last 15 minutes, at most 24 hours")
            .WithDescription("At most the newest 20,000 of a series: isTruncated says that older ones are left out. "
                + "quantity is rtt, the default, or a phase of it, for example tls. A probe that was lost "
                + "before a phase has no sample of it.");

    private static async Task<Results<Ok<ChartSamples>, NotFound, ValidationProblem, ProblemHttpResult>> GetAsync(
        CheckId id, DateTimeOffset? from, DateTimeOffset? to, LiveChecks checks, SeriesIndex index, ChartQuery charts,
        TimeProvider time, CancellationToken cancellationToken, string quantity = "rtt")
    {
        var now = time.GetUtcNow();
        var end = to ?? now.AddMinutes(1);
        var start = from ?? (to ?? now) - DefaultSpan;
        if (start >= end)
        {
            return Invalid.Parameter("from", "must be before to");
        }
        if (end - start > LongestSpan)
        {
            return Invalid.Parameter("from", "must be at most 24 hours before to; for a longer span ask for windows: "
                + $"api/v1/targets/{id}/windows");
        }
        try
        {
            var subject = checks.Find(id, now.ToUnixTimeMilliseconds()) is { } view
                ? ChartSubject.Of(view)
                : ChartSubject.OfHidden(id, await index.FindAsync(id, cancellationToken));
            if (subject is { Interval: null, Series: [] })
            {
                return TypedResults.NotFound();
            }
            if (!subject.Quantities.Contains(quantity))
            {
                return Invalid.Parameter(
                    "quantity", $"must be one that the target has: {string.Join(", ", subject.Quantities)}");
            }
            return TypedResults.Ok(await charts.ReadAsync(subject, quantity, start, end, cancellationToken));
        }
        catch (StoreUnavailableException error)
        {
            return TypedResults.Problem(error.Message, statusCode: 503, title: "The store cannot be read now");
        }
    }
}
