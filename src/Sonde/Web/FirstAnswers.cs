using Sonde.Samples;

namespace Sonde.Web;

/// <summary>
/// Asks for charts once, for nobody, as soon as everything runs: what has to be loaded and compiled for them is there
/// when the first person asks.
/// </summary>
internal static class FirstAnswers
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    // A long span of round windows reads days, one of odd windows cuts blocks and unpacks them.
    private static readonly (string Name, string Query)[] Questions =
    [
        ("GetWindows", "?points=1000&from={0}"), ("GetWindows", "?step=2592s&from={0}"),
        ("ListWindows", "?targets={1}&points=60"), ("GetSamples", ""),
    ];

    /// <summary>Asks; whatever goes wrong is told to whoever asks next.</summary>
    public static async Task PrepareAsync(WebApplication site)
    {
        using var ending = new CancellationTokenSource(Longest);
        try
        {
            var series = await site.Services.GetRequiredService<ISampleStore>().ListSeriesAsync(ending.Token);
            var check = series.Count > 0 ? series[0].Check.Value : "none";
            var now = site.Services.GetRequiredService<TimeProvider>().GetUtcNow();
            foreach (var (name, query) in Questions)
            {
                await AskAsync(site, name, check, string.Format(
                    System.Globalization.CultureInfo.InvariantCulture, query,
                    now.AddDays(-30).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ"), check), ending.Token);
            }
        }
        catch (Exception error) when (error is StoreUnavailableException or OperationCanceledException or IOException)
        {
            // The store is away or slow: then the first who asks waits for it.
        }
    }

    private static async Task AskAsync(
        WebApplication site, string name, string check, string query, CancellationToken cancellationToken)
    {
        var endpoint = ((IEndpointRouteBuilder)site).DataSources.SelectMany(source => source.Endpoints)
            .First(one => one.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName == name);
        await using var scope = site.Services.CreateAsyncScope();
        var context = new DefaultHttpContext
        {
            RequestServices = scope.ServiceProvider,
            RequestAborted = cancellationToken,
            Response = { Body = Stream.Null },
            Request =
            {
                Method = HttpMethods.Get,
                QueryString = new QueryString(query),
                RouteValues = { ["id"] = check },
            },
        };
        context.SetEndpoint(endpoint);
        await endpoint.RequestDelegate!(context);
    }
}
