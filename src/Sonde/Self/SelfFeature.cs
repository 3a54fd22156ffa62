using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.HttpResults;
using Sonde.Access;

namespace Sonde.Self;

/// <summary>How the program itself does: <c>/healthz</c>, <c>/readyz</c>, and reloading.</summary>
internal static class SelfFeature
{
    /// <summary>Adds the health; the parts add an <see cref="IHealthSource"/> each, and one adds an
    /// <see cref="IReloader"/>.</summary>
    public static IServiceCollection AddSelf(this IServiceCollection services) => services.AddSingleton<Health>();

    /// <summary>Maps the endpoints of this folder.</summary>
    public static IEndpointRouteBuilder MapSelf(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", () => TypedResults.Text("alive\n")).AllowAnonymous()
            .WithName("GetHealth").WithTags("self").WithSummary("Says that the process runs");
        routes.MapGet("/readyz", GetReadyAsync).AllowAnonymous()
            .WithName("GetReady").WithTags("self").WithSummary("200 when all is well; 503 with a line for each problem")
            .Produces(StatusCodes.Status200OK, contentType: "text/plain")
            .Produces(StatusCodes.Status503ServiceUnavailable, contentType: "text/plain");
        routes.MapPost("/-/reload", ReloadAsync).RequireAuthorization(Policies.Operate).DisableAntiforgery()
            .WithName("Reload").WithTags("self").WithSummary("Reads sonde.yaml again; a bad file changes nothing")
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        return routes;
    }

    /// <summary>Everybody may know whether it is ready; why it is not is for those who may see the page.</summary>
    private static async Task<ContentHttpResult> GetReadyAsync(
        HttpContext context, Health health, IAuthorizationService authorization)
    {
        var problems = health.FindProblems().Where(problem => problem.IsUnready).ToList();
        if (problems.Count == 0)
        {
            return TypedResults.Text("ready\n");
        }
        var mayView = await authorization.AuthorizeAsync(context.User, context, Policies.View);
        var reasons = mayView.Succeeded
            ? string.Concat(problems.SelectMany(problem => LinesOf(problem)))
            : "not ready; the reasons need the token\n";
        return TypedResults.Text(reasons, statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>Each message of a problem on a line of its own, so that each can be read and counted alone.</summary>
    private static IEnumerable<string> LinesOf(Problem problem) =>
        problem.Text.ReplaceLineEndings("\n").Split('\n').Select(line => $"{problem.Title}: {line}\n");

    private static async Task<Results<Ok<Reloaded>, ProblemHttpResult>> ReloadAsync(
        IReloader reloader, CancellationToken cancellationToken)
    {
        var problems = await reloader.ReloadAsync(cancellationToken);
        return problems.Count == 0
            ? TypedResults.Ok(new Reloaded(true))
            : TypedResults.Problem(
                statusCode: StatusCodes.Status422UnprocessableEntity,
                title: "The configuration was refused; the old one goes on",
                detail: string.Join('\n', problems));
    }
}

/// <summary>The answer to a reload that succeeded.</summary>
/// <param name="IsReloaded">Always true.</param>
public sealed record Reloaded(bool IsReloaded);
