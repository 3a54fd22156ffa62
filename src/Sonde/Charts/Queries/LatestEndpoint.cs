using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.Charts.Queries;

/// <summary><c>GET /api/v1/targets/{id}/latest</c> and <c>GET /api/v1/latest</c>: the last sample of each
/// series.</summary>
internal static class LatestEndpoint
{
    private const int MostSeries = 20_000;

    /// <summary>Maps both.</summary>
    public static void MapLatest(this IEndpointRouteBuilder api)
    {
        api.MapGet("/targets/{id}/latest", GetAsync).WithName("GetLatest").ProducesQuery<LatestOfSeries>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("The last sample of each series of a target; of one quantity, if it is named")
            .WithExample(QueryExamples.Latest);
        api.MapGet("/latest", ListAsync).WithName("ListLatest").ProducesQuery<LatestOfSeries>()
            .WithSummary("The same of many targets: up to 20,000 series")
            .WithExample(QueryExamples.Latest);
    }

    private static Task<IResult> GetAsync(
        CheckId id, HttpContext context, StoredAnswers answers, TargetSeries targets, ISampleStore store,
        string? quantity = null) =>
        answers.WriteAsync(context, async (answer, token) =>
        {
            var found = await targets.FindAsync(id, quantity, token);
            if (found.Refusal is null)
            {
                await WriteAsync(answer, found.Series, store, token);
            }
            return found.Refusal;
        });

    private static async Task<IResult> ListAsync(
        [AsParameters] TargetParameters named, HttpContext context, StoredAnswers answers, TargetSeries targets,
        ISampleStore store, string? quantity = null)
    {
        var problems = new ParameterProblems();
        var ids = targets.Select(named, problems);
        if (!problems.AreNone)
        {
            return problems.ToAnswer();
        }
        return await answers.WriteAsync(context, async (answer, token) =>
        {
            var series = await targets.FindAllAsync(ids, quantity, token);
            if (series.Count > MostSeries)
            {
                return TargetSeries.TooMany(series.Count, MostSeries);
            }
            await WriteAsync(answer, series, store, token);
            return null;
        });
    }

    private static async Task WriteAsync(
        JsonAnswer answer, IReadOnlyList<SeriesKey> series, ISampleStore store, CancellationToken cancellationToken)
    {
        var latest = series.Count > 0 ? await store.ReadLatestAsync(series, cancellationToken) : [];
        answer.Json.WriteStartObject();
        answer.Json.WriteStartArray("series");
        foreach (var (key, sample) in series.Zip(latest))
        {
            if (sample is { } last)
            {
                Write(answer, key, last);
                await answer.SendPieceAsync(cancellationToken);
            }
        }
        answer.Json.WriteEndArray();
        answer.Json.WriteEndObject();
        await answer.SendAsync(cancellationToken);
    }

    private static void Write(JsonAnswer answer, SeriesKey key, Sample last)
    {
        var json = answer.Json;
        var unit = SeriesUnit.Of(key.Quantity);
        json.WriteStartObject();
        json.WriteString("id", key.Check.Value);
        json.WriteString("vantagePoint", key.VantagePoint);
        json.WriteNumber("family", key.Family);
        json.WriteString("quantity", key.Quantity.Name);
        json.WriteString("unit", unit.Word);
        json.WriteString("sentAt", DateTimeOffset.FromUnixTimeMilliseconds(last.SentAtMilliseconds).UtcDateTime);
        json.WritePropertyName("value" + unit.Suffix);
        if (last.IsLost)
        {
            json.WriteNullValue();
        }
        else
        {
            json.WriteNumberValue((decimal)last.Value * unit.Thousandths / 1_000);
        }
        json.WriteString("loss", last.IsLost ? last.Loss.ToWord() : null);
        json.WriteBoolean("suspect", last.IsSuspect);
        json.WriteEndObject();
    }
}
