using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Sonde.Push;

/// <summary>The URLs that jobs call. The token in the URL is all that is asked for.</summary>
internal static class PushFeature
{
    /// <summary>The longest body that is received, and not looked at.</summary>
    private const long MaxBody = 64 * 1024;

    /// <summary>Maps the endpoints of this folder. The push checks are added by who owns them.</summary>
    public static IEndpointRouteBuilder MapPush(this IEndpointRouteBuilder routes)
    {
        var push = routes.MapGroup("/push/{token}").AllowAnonymous().DisableAntiforgery().WithTags("push");
        Map(push, "", "PushSuccess", "Says that the job ended well", static call => call.Tell(PushEvent.Succeeded));
        Map(push, "/start", "PushStart", "Says that the job begins", static call => call.Tell(PushEvent.Started));
        Map(push, "/fail", "PushFailure", "Says that the job failed", static call => call.Tell(PushEvent.Failed));
        push.MapPost("/{exitCode}", TellExitCode).Describe(
            "PushExitCode", "Says how the job exited: 0 = it ended well, 1 to 255 = it failed");
        push.MapMethods("/{exitCode}", Reading, TellExitCode).ExcludeFromDescription();
        return routes;
    }

    private static string[] Reading => [HttpMethods.Get, HttpMethods.Head];

    private static void Map(
        RouteGroupBuilder push, string path, string name, string summary, Func<PushRequest, ContentHttpResult> tell)
    {
        push.MapPost(path, Tell).Describe(name, summary);
        push.MapMethods(path, Reading, Tell).ExcludeFromDescription();

        ContentHttpResult Tell([AsParameters] PushRequest call) => tell(call);
    }

    private static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string name, string summary) =>
        endpoint.WithName(name).WithSummary(summary)
            .WithDescription("GET and HEAD do the same. The body is not looked at.")
            .Produces<string>(StatusCodes.Status200OK, "text/plain")
            .Produces<string>(StatusCodes.Status400BadRequest, "text/plain")
            .Produces<string>(StatusCodes.Status404NotFound, "text/plain")
            .Produces<string>(StatusCodes.Status413PayloadTooLarge, "text/plain")
            .Produces<string>(StatusCodes.Status429TooManyRequests, "text/plain");

    private static ContentHttpResult TellExitCode(string exitCode, [AsParameters] PushRequest call)
    {
        if (!PushText.TryParseExitCode(exitCode, out var code))
        {
            return PushRequest.Refuse(400, "After the token comes nothing, start, fail, or an exit code from 0 to 255");
        }
        return code == 0 ? call.Tell(PushEvent.Succeeded) : call.Tell(PushEvent.Failed, $"exit code {code}");
    }

    /// <summary>What all calls have.</summary>
    private readonly record struct PushRequest(
        [FromRoute] string Token, [FromQuery] string? Duration, [FromQuery] string? Message, HttpContext Http,
        PushChecks Checks)
    {
        /// <summary>Takes the call in and answers in a word or a sentence.</summary>
        public ContentHttpResult Tell(PushEvent what, string? exit = null)
        {
            Http.Response.Headers.CacheControl = "no-store";
            if (Http.Request.ContentLength > MaxBody)
            {
                return Refuse(413, $"The body is longer than {MaxBody} bytes; none is needed");
            }
            TimeSpan? duration = null;
            if (Duration is not null)
            {
                if (!PushText.TryParseDuration(Duration, out var given))
                {
                    return Refuse(400, "duration is in seconds, or like 250ms or 1.5s, and at most 6 days");
                }
                duration = given;
            }
            var words = string.Join(": ", new[] { exit, PushText.Clean(Message) }.OfType<string>());
            var call = new PushCall(what, duration, words.Length > 0 ? words : null);
            return Checks.Take(Token, call) switch
            {
                PushAnswer.Kept => TypedResults.Text("ok\n"),
                PushAnswer.TooOften => Refuse(429, "Called again within 100 ms; this call is not counted"),
                _ => Refuse(404, "Nothing has this token"),
            };
        }

        public static ContentHttpResult Refuse(int status, string sentence) =>
            TypedResults.Text($"{sentence}\n", statusCode: status);
    }
}
