using Sonde.Access;

namespace Sonde.Metrics;

/// <summary><c>GET /metrics</c>: what was measured and how the program does, for Prometheus and its like.</summary>
internal static class MetricsFeature
{
    /// <summary>
    /// Adds the counting and the scrape. Who owns a part adds an <see cref="IMetricSource"/> for it, and
    /// <see cref="TargetTotals"/> to the sinks of the pipeline.
    /// </summary>
    /// <param name="services">Where to add.</param>
    /// <param name="settings">Gives the settings in force.</param>
    public static IServiceCollection AddMetrics(this IServiceCollection services, Func<MetricsSettings> settings)
    {
        services.AddSingleton(settings).AddSingleton<TargetTotals>().AddSingleton<TargetReader>();
        services.AddSingleton<IMetricSource, ProcessMetrics>().AddSingleton<Scrape>().AddSingleton<ScrapeLimit>();
        return services;
    }

    /// <summary>Maps the endpoint.</summary>
    public static IEndpointRouteBuilder MapMetrics(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/metrics", GetAsync).RequireAuthorization(Policies.View)
            .WithName("GetMetrics").WithTags("self")
            .WithSummary("All metrics as text, OpenMetrics or protobuf, as the header Accept asks")
            .Produces(StatusCodes.Status200OK, contentType: "text/plain")
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        return routes;
    }

    private static async Task<IResult> GetAsync(
        HttpContext context, Scrape scrape, ScrapeLimit limit, IHostApplicationLifetime lifetime)
    {
        if (!limit.TryEnter())
        {
            return TypedResults.Problem("Try again later.", statusCode: 503, title: "Too many scrapes at a time");
        }
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            var format = ScrapeFormats.Choose(context.Request.Headers.Accept);
            context.Response.ContentType = ScrapeFormats.ContentTypeOf(format);
            await scrape.WriteAsync(context.Response.BodyWriter, format, leaving.Token);
        }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested)
        {
            context.Abort();   // half an answer must not look like a whole one
        }
        finally
        {
            limit.Leave();
        }
        return Results.Empty;
    }
}
