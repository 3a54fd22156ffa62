using Microsoft.AspNetCore.Authorization;
using Sonde.Access;
using Sonde.Configuration;
using Sonde.Probing;

namespace Sonde.Compatibility.Blackbox;

/// <summary><c>GET /probe</c>: measures the target that the caller names, as blackbox_exporter does.</summary>
internal static class ProbeFeature
{
    /// <summary>Adds the endpoint's parts.</summary>
    /// <param name="services">Where to add.</param>
    /// <param name="configuration">Gives the configuration in force.</param>
    public static IServiceCollection AddProbe(this IServiceCollection services, Func<SondeConfiguration> configuration)
    {
        services.AddSingleton(configuration).AddSingleton(_ => new OnDemandProbes()).AddSingleton<ModuleProbe>();
        services.AddSingleton<ProbeEndpoint>().AddSingleton<IAuthorizationHandler, ProbeAccess>();
        services.AddAuthorizationBuilder()
            .AddPolicy(Policies.Probe, policy => policy.AddRequirements(new ProbeRequirement()));
        return services;
    }

    /// <summary>Maps the endpoint.</summary>
    public static IEndpointRouteBuilder MapProbe(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/probe", (HttpContext context, ProbeEndpoint endpoint) => endpoint.AnswerAsync(context))
            .RequireAuthorization(Policies.Probe)
            .WithName("GetProbe").WithTags("probe")
            .WithSummary("Measures the target by the module, and answers with the metrics of blackbox_exporter")
            .Produces(StatusCodes.Status200OK, contentType: "text/plain")
            .Produces(StatusCodes.Status400BadRequest, contentType: "text/plain")
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .Produces(StatusCodes.Status503ServiceUnavailable, contentType: "text/plain");
        return routes;
    }
}
