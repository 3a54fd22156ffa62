using System.Globalization;
using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.Charts;

/// <summary>
/// <c>GET /api/v1/live</c>: server-sent events. <c>targets</c> carries the rows that changed and how many targets are
/// in each state, <c>samples</c> what was measured of the targets that were named; <c>reset</c> says that something was
/// missed: fetch anew.
/// </summary>
internal static class LiveEndpoint
{
    private const int MostTargets = 16;

    /// <summary>Maps it.</summary>
    public static void MapLive(this IEndpointRouteBuilder api) =>
        api.MapGet("/live", ReadAsync).WithName("ReadLive").Produces(200, contentType: "text/event-stream")
            .ProducesValidationProblem().ProducesProblem(404).ProducesProblem(503)
            .WithSummary("Server-sent events: the rows of all targets as they change; of those named, samples, too")
            .WithDescription("rows=all sends the rows of all targets although some are named. "
                + "after is the id of the last event seen, as the header Last-Event-ID is.");

    private static async Task<IResult> ReadAsync(
        HttpContext context, LiveChecks checks, LiveStream stream, LiveEvents events, TimeProvider time,
        IHostApplicationLifetime lifetime, string[]? target, string? rows = null, long? after = null)
    {
        var ids = new HashSet<CheckId>();
        foreach (var text in target ?? [])
        {
            if (!CheckId.TryParse(text, CultureInfo.InvariantCulture, out var id))
            {
                return Invalid.Parameter("target", "must be the id of a target");
            }
            ids.Add(id);
        }
        if (ids.Count > MostTargets)
        {
            return Invalid.Parameter("target", $"may stand at most {MostTargets} times; without it, all rows are sent");
        }
        if (rows is not (null or "all"))
        {
            return Invalid.Parameter("rows", "must be all, or missing");
        }
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var known = ids.Where(id => checks.Find(id, now) is not null).ToList();
        if (ids.Count > 0 && known.Count == 0 && rows is null)
        {
            return TypedResults.NotFound();
        }
        using var leaving =
            CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var ofAll = ids.Count == 0 || rows is not null;
        using var merged = LiveReaders.TryJoin(stream, known, ofAll, ResumeAfter(context.Request, after));
        if (merged is null)
        {
            return TypedResults.Problem(
                "Close some of the live pages.", statusCode: 503, title: "Too many live readers");
        }
        await events.WriteAsync(context.Response, merged, leaving.Token);
        return Results.Empty;
    }

    /// <summary>A browser that reconnects by itself sends the header; one that was told to wait asks by the
    /// query.</summary>
    private static long? ResumeAfter(HttpRequest request, long? after) =>
        long.TryParse(request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            ? last
            : after;
}
