using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;

namespace Sonde.Web;

/// <summary>Answers a parameter that cannot be read with 400 and the parameter's name.</summary>
internal sealed partial class BadRequests : IExceptionHandler
{
    /// <inheritdoc/>
    public async ValueTask<bool> TryHandleAsync(
        HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not BadHttpRequestException bad)
        {
            return false;
        }
        var name = BoundParameter().Match(bad.Message) is { Success: true } match
            ? JsonNamingPolicy.CamelCase.ConvertName(match.Groups[1].Value) : null;   // of a class: a property's name
        IResult answer = name is null
            ? TypedResults.Problem(statusCode: bad.StatusCode, title: "The request cannot be read")
            : TypedResults.ValidationProblem(new Dictionary<string, string[]> { [name] = [$"{name} cannot be read"] });
        await answer.ExecuteAsync(context);
        return true;
    }

    /// <summary>The framework names the parameter in its message only: <c>Failed to bind parameter "CheckId id" from
    /// "A!".</c></summary>
    [GeneratedRegex("parameter \"[^\"]* ([A-Za-z]+)\"")]
    private static partial Regex BoundParameter();
}
