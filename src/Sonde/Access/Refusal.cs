using Microsoft.AspNetCore.Mvc;

namespace Sonde.Access;

/// <summary>Says no, in a sentence: a problem document for programs and people alike (RFC 9457).</summary>
internal static class Refusal
{
    /// <summary>Answers 401 and says how to show the token.</summary>
    public static Task AskForTokenAsync(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = BearerTokenHandler.SchemeName;
        return WriteAsync(context, StatusCodes.Status401Unauthorized, "A token is needed",
            "Send it as Authorization: Bearer TOKEN, or sign in on the page.");
    }

    /// <summary>Answers with the status, a title and a sentence; nobody stores the answer.</summary>
    public static Task WriteAsync(HttpContext context, int status, string title, string detail)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = "no-store";
        var problem = new ProblemDetails { Status = status, Title = title, Detail = detail };
        return context.Response.WriteAsJsonAsync(
            problem, options: null, contentType: "application/problem+json", cancellationToken: context.RequestAborted);
    }
}
