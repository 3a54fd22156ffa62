using System.Globalization;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Sonde.Configuration;
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
        var siteSettings = new SiteSettings
        {
            Configuration = () => file?.Current ?? settings.Start,
            Listen = settings.Start.Listen,
            DataDirectory = settings.DataDirectory,
        };
        var site = Site.Build(siteSettings, builder =>
        {
            builder.Logging.AddSondeLog(settings.LogsJson);
            builder.Services.AddSingleton<IHostLifetime, LifetimeOfCaller>().AddRun(settings);
            AddTerminal(builder.Services, settings);
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
            await site.StopAsync(CancellationToken.None);   // what has started already ends in order
            await site.DisposeAsync();
            throw;
        }
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
        services.AddSingleton<ISampleSink>(provider =>
        {
            var file = provider.GetRequiredService<ConfigurationFile>();
            return new RoundLines(
                provider.GetRequiredService<SeriesCatalog>(), key => NameOf(key, file.Current), new StreamWriter(Console.OpenStandardOutput()));
        });
    }

    private static string NameOf(SeriesKey key, SondeConfiguration configuration)
    {
        var check = configuration.Checks.FirstOrDefault(check => check.Id == key.Check);
        return check is null ? key.Check.Value
            : check.Family == Targets.FamilyChoice.Both ? string.Create(CultureInfo.InvariantCulture, $"{check.Name} (IPv{key.Family})")
            : check.Name;
    }

    private static async Task TellAddressAsync(WebApplication site)
    {
        var addresses = site.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var basePath = site.Services.GetRequiredService<ConfigurationFile>().Current.Web.BasePath;
        await Console.Error.WriteLineAsync($"Sonde measures; the page is at {string.Join(" and ", addresses)}{basePath}/");
    }
}
