using System.Globalization;
using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.Charts;

/// <summary>
/// <c>GET /api/v1/live</c>: server-sent events. <c>samples</c> carries what was measured, with ids to resume after; <c>targets</c>
/// once a second those rows that changed; <c>reset</c> says that samples were missed, so that a reader fetches anew.
/// </summary>
internal static class LiveEndpoint
{
    private const int MostTargets = 64;

    /// <summary>Maps it.</summary>
    public static void MapLive(this IEndpointRouteBuilder api) =>
        api.MapGet("/live", ReadAsync).WithName("ReadLive").Produces(200, contentType: "text/event-stream")
            .ProducesValidationProblem().ProducesProblem(503)
            .WithSummary("Server-sent events: samples (of all, or of the targets named), and rows of targets as they change")
            .WithDescription("samples=false leaves the samples out; rows=all sends the rows of all targets although some are named; "
                + "after is the id of the last event seen, as Last-Event-ID is.");

    private static async Task<IResult> ReadAsync(
        HttpContext context, OverviewReader overview, ILiveSamples live, LiveReaders readers, SeriesCatalog catalog, TimeProvider time,
        IHostApplicationLifetime lifetime, string[]? target, bool samples = true, string? rows = null, long? after = null)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var id in target ?? [])
        {
            if (!CheckId.TryParse(id, CultureInfo.InvariantCulture, out _))
            {
                return Invalid.Parameter("target", "must be the id of a target");
            }
            ids.Add(id);
        }
        if (ids.Count > MostTargets)
        {
            return Invalid.Parameter("target", $"may stand at most {MostTargets} times; without it, all are sent");
        }
        if (rows is not (null or "all"))
        {
            return Invalid.Parameter("rows", "must be all, or missing");
        }
        using var seat = readers.TryEnter();
        if (seat is null)
        {
            return TypedResults.Problem("Close some of the live pages.", statusCode: 503, title: "Too many live readers");
        }
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var wish = new LiveWish(ids, samples, rows == "all", ResumeAfter(context.Request, after));
        await new LiveEvents(context.Response, wish, overview, live, catalog, time).WriteAsync(leaving.Token);
        return Results.Empty;
    }

    /// <summary>A browser that reconnects by itself sends the header; one that was told to wait asks by the query.</summary>
    private static long? ResumeAfter(HttpRequest request, long? after) =>
        long.TryParse(request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out var last) ? last : after;
}
