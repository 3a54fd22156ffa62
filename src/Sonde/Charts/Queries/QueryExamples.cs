using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Sonde.Charts.Queries;

/// <summary>Answers as examples in the document of the API; docs/api.md shows the same.</summary>
internal static class QueryExamples
{
    /// <summary>A day in three windows: all is well, everything is lost, nothing is measured.</summary>
    public const string Windows = """
        {
          "quantity": "rtt",
          "from": "2026-11-20T00:00:00Z", "to": "2026-11-21T00:00:00Z",
          "stepSeconds": 28800, "askedStepSeconds": 28800, "isWidened": false, "count": 3,
          "series": [{
            "id": "icmp-router", "vantagePoint": "local", "family": 4, "unit": "ms", "isCoarse": false,
            "sent": [28800, 28800, null], "lost": [2, 28800, null], "suspect": [0, 0, null], "duplicates": [0, 0, null],
            "minMs": [0.309, null, null], "meanMs": [0.412, null, null], "maxMs": [14.108, null, null],
            "mdevMs": [0.118, null, null], "jitterMs": [0.052, null, null],
            "quantilesMs": {"0.5": [0.397, null, null], "0.99": [0.819, null, null]}
          }]
        }
        """;

    /// <summary>The same day as a histogram.</summary>
    public const string Histogram = """
        {
          "quantity": "rtt",
          "from": "2026-11-20T00:00:00Z", "to": "2026-11-21T00:00:00Z",
          "stepSeconds": 28800, "askedStepSeconds": 28800, "isWidened": false, "count": 3,
          "series": [{
            "id": "icmp-router", "vantagePoint": "local", "family": 4, "unit": "ms", "isCoarse": false,
            "edgesMs": [0.308, 0.8, 2.08, 5.376, 14.208],
            "sent": [28800, 28800, null], "lost": [2, 28800, null],
            "first": [0, null, null],
            "counts": [[28501, 290, 6, 1], null, null]
          }]
        }
        """;

    /// <summary>A duration and something else.</summary>
    public const string Latest = """
        {
          "series": [
            {"id": "http-example.com", "vantagePoint": "local", "family": 4, "quantity": "rtt", "unit": "ms",
             "sentAt": "2026-11-21T10:30:00.123Z", "valueMs": 23.118, "loss": null, "suspect": false},
            {"id": "http-example.com", "vantagePoint": "local", "family": 4, "quantity": "certificate", "unit": "s",
             "sentAt": "2026-11-21T10:30:00.123Z", "value": 5443200, "loss": null, "suspect": false}
          ]
        }
        """;

    /// <summary>Says what a query answers.</summary>
    public static RouteHandlerBuilder ProducesQuery<T>(this RouteHandlerBuilder endpoint) =>
        endpoint.Produces<T>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    /// <summary>Puts an example of the answer into the document of the API.</summary>
    public static RouteHandlerBuilder WithExample(this RouteHandlerBuilder endpoint, string json) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            if (operation.Responses?["200"].Content?["application/json"] is OpenApiMediaType answer)
            {
                answer.Example = JsonNode.Parse(json);
            }
            return Task.CompletedTask;
        });
}
