using Sonde.Targets;

namespace Sonde.Charts.Queries;

/// <summary><c>GET /api/v1/targets/{id}/windows</c> and <c>GET /api/v1/windows</c>: charts of any span.</summary>
internal static class WindowsEndpoint
{
    private const int DefaultPoints = 500;

    /// <summary>Maps both.</summary>
    public static void MapWindows(this IEndpointRouteBuilder api)
    {
        api.MapGet("/targets/{id}/windows", GetAsync).WithName("GetWindows").ProducesQuery<WindowsOfSeries>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("Loss, times and quantiles of a target in up to 5,000 windows of any span")
            .WithDescription("An array for each figure with an entry for each window, null where nothing was measured. "
                + "Too many windows become fewer and wider; isWidened says so.")
            .WithExample(QueryExamples.Windows);
        api.MapGet("/windows", ListAsync).WithName("ListWindows").ProducesQuery<WindowsOfSeries>()
            .WithSummary("The same of many targets: up to 5,000 series and 300,000 windows in one answer")
            .WithExample(QueryExamples.Windows);
    }

    private static async Task<IResult> GetAsync(
        CheckId id, [AsParameters] WindowParameters parameters, HttpContext context, StoredAnswers answers,
        TargetSeries targets, WindowsAnswer windows, TimeProvider time)
    {
        var problems = new ParameterProblems();
        var span = SpanRequest.Read(
            parameters, time.GetUtcNow(), DefaultPoints, WindowGrid.MostOfSeries, problems);
        var columns = WindowColumnsRequest.Read(parameters, problems);
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
            var grid = span.GridOf(found.Series.Count, WindowGrid.MostOfSeries);
            await windows.WriteAsync(answer, grid, span.Quantity, found.Series, columns, token);
            return null;
        });
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] WindowParameters parameters, [AsParameters] TargetParameters named, HttpContext context,
        StoredAnswers answers, TargetSeries targets, WindowsAnswer windows, TimeProvider time)
    {
        var problems = new ParameterProblems();
        var span = SpanRequest.Read(
            parameters, time.GetUtcNow(), DefaultPoints, WindowGrid.MostOfSeries, problems);
        var columns = WindowColumnsRequest.Read(parameters, problems);
        var ids = targets.Select(named, problems);
        if (!problems.AreNone)
        {
            return problems.ToAnswer();
        }
        return await answers.WriteAsync(context, async (answer, token) =>
        {
            var series = await targets.FindAllAsync(ids, span.Quantity, token);
            if (series.Count > WindowGrid.MostSeries)
            {
                return TargetSeries.TooMany(series.Count, WindowGrid.MostSeries);
            }
            var grid = span.GridOf(series.Count, WindowGrid.MostOfSeries);
            await windows.WriteAsync(answer, grid, span.Quantity, series, columns, token);
            return null;
        });
    }
}
