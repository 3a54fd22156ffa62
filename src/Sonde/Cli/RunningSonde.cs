using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Sonde.Configuration;
using Sonde.Observability;
using Sonde.Probing;
using Sonde.Samples;
using Sonde.Self;
using Sonde.Web;

namespace Sonde.Cli;

/// <summary>The whole program at work: composed, started, and stopped in order.</summary>
internal sealed class RunningSonde : IAsyncDisposable
{
    private readonly WebApplication _site;

    private RunningSonde(WebApplication site) => _site = site;

    /// <summary>Composes and starts everything.</summary>
    /// <exception cref="StoreRefusedException">The store must not be used by this process.</exception>
    /// <exception cref="IOException">The page cannot listen where it should.</exception>
    public static async Task<RunningSonde> StartAsync(RunSettings settings, CancellationToken cancellationToken)
    {
        ConfigurationFile? file = null;
        // first of all, so that a run that cannot show its page leaves no trace
        var listener = Listening.Open(settings.Start.Listen);
        var siteSettings = new SiteSettings
        {
            Configuration = () => file?.Current ?? settings.Start,
            Listener = listener,
            DataDirectory = settings.DataDirectory,
        };
        var site = Site.Build(siteSettings, builder =>
        {
            builder.Logging.AddSondeLog(settings.LogsJson);
            builder.Services.AddSingleton<IHostLifetime, LifetimeOfCaller>().AddRun(settings);
            AddTerminal(builder.Services, settings);
            if (settings.Start.Otlp is { } otlp)
            {
                builder.AddOtlp(otlp, settings.Start.VantagePoint);
            }
        });
        try
        {
            file = site.Services.GetRequiredService<ConfigurationFile>();
            await site.Services.GetRequiredService<RunStart>().BeginAsync(cancellationToken);
            // with the token, what runs would end before it is asked to
            await site.StartAsync(CancellationToken.None);
        }
        catch
        {
            await site.StopAsync(CancellationToken.None); // what was measured until then is kept
            await site.DisposeAsync();
            listener.Dispose();
            throw;
        }
        await FirstAnswers.PrepareAsync(site);
        site.Services.GetRequiredService<StartHealth>().IsPrepared = true;
        await TellAddressAsync(site);
        return new RunningSonde(site);
    }

    /// <summary>Runs until the token is cancelled.</summary>
    public Task WaitForStopAsync(CancellationToken cancellationToken) => _site.WaitForShutdownAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _site.DisposeAsync();

    private static void AddTerminal(IServiceCollection services, RunSettings settings)
    {
        if (Console.IsOutputRedirected)
        {
            return;
        }
        if (settings.IsQuiet)
        {
            services.AddHostedService(provider => new RunStatus(
                provider.GetRequiredService<LiveChecks>(), provider.GetRequiredService<ProbingThread>(),
                provider.GetRequiredService<TimeProvider>(), Console.Out));
            return;
        }
        services.AddSingleton(_ => new TerminalLines(new StreamWriter(Console.OpenStandardOutput())));
        services.AddHostedService(provider => provider.GetRequiredService<TerminalLines>());
        services.AddSingleton<ISampleSink>(provider => new RoundLines(
            provider.GetRequiredService<SeriesCatalog>(),
            new CheckTitles(provider.GetRequiredService<ConfigurationFile>()).Of,
            provider.GetRequiredService<TerminalLines>().Write));
    }

    private static async Task TellAddressAsync(WebApplication site)
    {
        var features = site.Services.GetRequiredService<IServer>().Features;
        var addresses = features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var basePath = site.Services.GetRequiredService<ConfigurationFile>().Current.Web.BasePath;
        await Console.Error.WriteLineAsync(
            $"Sonde measures; the page is at {string.Join(" and ", addresses)}{basePath}/");
    }
}
