using System.Net;
using System.Text.Json;
using Sonde.Charts.Queries;
using Sonde.Measurement;
using Sonde.Samples;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Charts.Queries;

/// <summary>A site over a record in memory, and questions to it.</summary>
internal sealed class QueryLab : IAsyncDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 1, 15, 10, 30, 0, TimeSpan.Zero);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private readonly Random _random = new(20260115);
    private long _round;

    private QueryLab(RunningSite site) => Site = site;

    public RunningSite Site { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<QueryLab> StartAsync(params Check[] checks) => new(await RunningSite.StartAsync(
        Checks.Configuration(checks is [] ? [Checks.Icmp("router")] : checks), new FixedTimeProvider(Now)));

    public static string At(double secondsBeforeNow) =>
        Now.AddSeconds(-secondsBeforeNow).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Adds one sample a second of any values and losses, with a gap in the middle third.</summary>
    public List<Sample> AddHour(string target, byte family = 4, Quantity? quantity = null)
    {
        var series = Site.Catalog.GetOrAdd(new(CheckId.Parse(target), "local", family, quantity ?? Quantity.Rtt));
        var samples = new List<Sample>();
        for (var second = 3_600; second > 0; second--)
        {
            if (second is < 1_200 or > 2_400)
            {
                var isLost = _random.Next(9) == 0 || second is > 3_000 and < 3_100;
                samples.Add(new Sample
                {
                    Series = series,
                    Round = ++_round,
                    Index = 0,
                    SentAtMilliseconds = Now.ToUnixTimeMilliseconds() - (second * 1_000) + _random.Next(900),
                    Value = isLost ? 0 : (long)Math.Exp(_random.NextDouble() * 14),
                    Loss = isLost ? LossReason.Timeout : LossReason.None,
                    IsSuspect = _random.Next(20) == 0,
                    Duplicates = (ushort)(_random.Next(30) == 0 ? 2 : 0),
                });
            }
        }
        samples.ForEach(Site.Store.Add);
        return samples;
    }

    public async Task<WindowsOfSeries> WindowsAsync(string path) => await GetAsync<WindowsOfSeries>(path);

    public async Task<T> GetAsync<T>(string path)
    {
        var text = await Site.Client.GetStringAsync(path, Token);
        return JsonSerializer.Deserialize<T>(text, Json) ?? throw new InvalidDataException(text);
    }

    public async Task<(HttpStatusCode Status, JsonElement Body)> AskAsync(string path)
    {
        using var answer = await Site.Client.GetAsync(path, Token);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token));
        return (answer.StatusCode, body.RootElement.Clone());
    }

    public ValueTask DisposeAsync() => Site.DisposeAsync();
}
