using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Sonde.Configuration;
using Sonde.Marks;
using Sonde.Measurement;
using Sonde.Metrics;
using Sonde.Push;
using Sonde.Samples;
using Sonde.Self;
using Sonde.Targets;
using Sonde.Web;
using Xunit;

namespace Sonde.Tests;

/// <summary>The real site on a real Kestrel at a free port of loopback, over a record in memory.</summary>
internal sealed class RunningSite : IAsyncDisposable, IHealthSource, IReloader
{
    private readonly SeriesCatalog _catalog = new();
    private readonly string _dataDirectory = Directory.CreateTempSubdirectory("sonde-site-").FullName;
    private readonly Dictionary<SeriesHandle, long> _rounds = [];
    private WebApplication? _app;

    private RunningSite(SondeConfiguration configuration, TimeProvider time)
    {
        Configuration = configuration;
        Time = time;
        Store = new MemoryStore(_catalog);
        Live = new LiveChecks(_catalog, time);
        Live.SetChecks(configuration.Checks);
        Stream = new LiveStream(Live, _catalog, time);
        Pipeline = new SamplePipeline([Live, Stream, Gathered], time, NullLogger<SamplePipeline>.Instance);
        Push = new PushChecks(RunNumber.FirstRound(1), "local", _catalog, Pipeline, time)
        {
            LossTold = Live.SetLastLoss,
        };
        Push.Apply(configuration.Checks);
    }

    /// <summary>The configuration in force; a test may swap it.</summary>
    public SondeConfiguration Configuration { get; set; }

    public TimeProvider Time { get; }

    public MemoryStore Store { get; }

    public LiveChecks Live { get; }

    public LiveStream Stream { get; }

    public PushChecks Push { get; }

    /// <summary>Takes what the push checks make, once a test drains it.</summary>
    public SamplePipeline Pipeline { get; }

    /// <summary>What came through the pipeline.</summary>
    public GatheringSink Gathered { get; } = new();

    public List<Problem> Problems { get; } = [];

    public List<string> ReloadProblems { get; } = [];

    public SeriesCatalog Catalog => _catalog;

    public TargetTotals Totals => App.Services.GetRequiredService<TargetTotals>();

    public Uri Address { get; private set; } = null!;

    public WebApplication App => _app!;

    /// <summary>A client that keeps no cookies and follows no redirects.</summary>
    public HttpClient Client { get; private set; } = null!;

    public static async Task<RunningSite> StartAsync(SondeConfiguration configuration, TimeProvider? time = null)
    {
        var site = new RunningSite(configuration, time ?? TimeProvider.System);
        var settings = new SiteSettings
        {
            Configuration = () => site.Configuration,
            Listener = Listening.Open(new IPEndPoint(IPAddress.Loopback, 0)),
            DataDirectory = site._dataDirectory,
        };
        site._app = Site.Build(settings, site.AddParts);
        await site._app.StartAsync(TestContext.Current.CancellationToken);
        site.Totals.SetChecks(configuration.Checks, configuration.VantagePoint);
        var addresses = site._app.Services.GetRequiredService<IServer>()
            .Features.GetRequiredFeature<IServerAddressesFeature>();
        site.Address = new Uri(addresses.Addresses.Single());
        var plain = new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false };
        site.Client = new HttpClient(plain) { BaseAddress = site.Address };
        return site;
    }

    /// <summary>Adds the next round of one probe: an RTT in microseconds, or a loss.</summary>
    public void Measure(Check check, long atMilliseconds, long? rtt, LossReason loss = LossReason.Timeout,
        bool isSuspect = false, byte family = 4, int missed = 0, int late = 0)
    {
        var handle = _catalog.GetOrAdd(new SeriesKey(check.Id, "local", family, Quantity.Rtt));
        var round = _rounds[handle] = _rounds.GetValueOrDefault(handle) + 1;
        var sample = new Sample
        {
            Series = handle,
            Round = round,
            Index = 0,
            SentAtMilliseconds = atMilliseconds,
            Value = rtt ?? 0,
            Loss = rtt is null ? loss : LossReason.None,
            IsSuspect = isSuspect,
            TimeToLive = rtt is null ? null : (byte)57,
        };
        var ended = new Round(handle, round, atMilliseconds, Sent: 1, Lost: sample.IsLost ? 1 : 0, NotSent: 0,
            MissedBefore: missed, LateAnswers: late);
        Store.Add(sample);
        Live.Take([sample], [ended]);
        Totals.Take([sample], [ended]);
        Stream.Take([sample], [ended]);
    }

    /// <summary>Adds what the newest probe found besides its RTT: a value in the quantity's unit, or a loss.</summary>
    public void Find(Check check, long atMilliseconds, Quantity quantity, long? value,
        LossReason loss = LossReason.Timeout, byte family = 4)
    {
        var sample = new Sample
        {
            Series = _catalog.GetOrAdd(new SeriesKey(check.Id, "local", family, quantity)),
            Round = _rounds[_catalog.GetOrAdd(new SeriesKey(check.Id, "local", family, Quantity.Rtt))],
            Index = 0,
            SentAtMilliseconds = atMilliseconds,
            Value = value ?? 0,
            Loss = value is null ? loss : LossReason.None,
        };
        Store.Add(sample);
        Live.Take([sample], []);
        Totals.Take([sample], []);
        Stream.Take([sample], []);
    }

    /// <summary>Tells live readers of a sample that nobody keeps.</summary>
    public void Publish(Check check, long atMilliseconds)
    {
        var handle = _catalog.GetOrAdd(new SeriesKey(check.Id, "local", 4, Quantity.Rtt));
        var sample = new Sample
        {
            Series = handle,
            Round = atMilliseconds,
            Index = 0,
            SentAtMilliseconds = atMilliseconds,
            Value = 1_000,
        };
        Stream.Take([sample], []);
    }

    public IReadOnlyList<Problem> FindProblems() => Problems;

    public ValueTask<IReadOnlyList<string>> ReloadAsync(CancellationToken cancellationToken) => new(ReloadProblems);

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
        Directory.Delete(_dataDirectory, recursive: true);
    }

    private void AddParts(WebApplicationBuilder builder) => builder.Services
        .AddSingleton(_catalog).AddSingleton(Time)
        .AddSingleton<ISampleStore>(Store).AddSingleton<IMarkStore>(Store)
        .AddSingleton(Live).AddSingleton(Stream).AddSingleton(Push).AddHostedService<LiveTicker>()
        .AddSingleton<IHealthSource>(this).AddSingleton<IReloader>(this);
}
