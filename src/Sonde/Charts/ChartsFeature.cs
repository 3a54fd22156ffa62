using Sonde.Access;
using Sonde.Charts.Queries;

namespace Sonde.Charts;

/// <summary>What was measured, for people and programs: the pages, the API, the live events.</summary>
internal static class ChartsFeature
{
    /// <summary>Adds the queries. The live views, the catalog and the stores are added by who owns them.</summary>
    public static IServiceCollection AddCharts(this IServiceCollection services)
    {
        services.AddSingleton<OverviewReader>();
        services.AddSingleton<ChartQuery>();
        services.AddSingleton<LiveEvents>();
        services.AddSingleton<StoredAnswers>().AddSingleton<SeriesIndex>().AddSingleton<TargetSeries>();
        services.AddSingleton<WindowsAnswer>().AddSingleton<HistogramAnswer>();
        return services;
    }

    /// <summary>Maps the API; the pages are found by their routes.</summary>
    public static IEndpointRouteBuilder MapCharts(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").RequireAuthorization(Policies.View).WithTags("targets")
            .ProducesProblem(StatusCodes.Status401Unauthorized);
        api.MapTargets();
        api.MapSamples();
        api.MapWindows();
        api.MapHistogram();
        api.MapLatest();
        api.MapLive();
        return routes;
    }
}
