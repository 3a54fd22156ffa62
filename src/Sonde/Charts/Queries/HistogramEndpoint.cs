using Sonde.Targets;

namespace Sonde.Charts.Queries;

/// <summary><c>GET /api/v1/targets/{id}/histogram</c>: how values are distributed over time, for a heat map.</summary>
internal static class HistogramEndpoint
{
    private const int DefaultPoints = 200;
    private const int MostPoints = 2_000;
    private const int DefaultBuckets = 40;
    private const int FewestBuckets = 2;
    private const int MostBuckets = 200;

    /// <summary>Maps it.</summary>
    public static void MapHistogram(this IEndpointRouteBuilder api) =>
        api.MapGet("/targets/{id}/histogram", GetAsync).WithName("GetHistogram").ProducesQuery<HistogramOfSeries>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("How the values of a target are distributed, window by window, on a logarithmic axis")
            .WithDescription("The counts are exact. A row leaves out the empty buckets at both ends: its first number "
                + "is that of the bucket that first names.")
            .WithExample(QueryExamples.Histogram);

    private static async Task<IResult> GetAsync(
        CheckId id, [AsParameters] HistogramParameters parameters, HttpContext context, StoredAnswers answers,
        TargetSeries targets, HistogramAnswer histogram, TimeProvider time)
    {
        var problems = new ParameterProblems();
        var span = SpanRequest.Read(parameters, time.GetUtcNow(), DefaultPoints, MostPoints, problems);
        var buckets = parameters.Buckets ?? DefaultBuckets;
        problems.Unless(
            buckets is >= FewestBuckets and <= MostBuckets, "buckets", $"must be {FewestBuckets} to {MostBuckets}");
        if (!problems.AreNone)
        {
            return problems.ToAnswer();
        }
        return await answers.WriteAsync(context, async (answer, token) =>
        {
            var found = await targets.FindAsync(id, span.Quantity, token);
            if (found.Refusal is { } refusal)
            {
                return refusal;
            }
            // all windows are held at a time, to find the axis
            var most = Math.Max(2, MostPoints / Math.Max(1, found.Series.Count / 2));
            await histogram.WriteAsync(
                answer, span.GridOf(found.Series.Count, most), span.Quantity, found.Series, buckets, token);
            return null;
        });
    }
}
