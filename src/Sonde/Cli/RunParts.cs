using Sonde.Configuration;
using Sonde.Marks;
using Sonde.Metrics;
using Sonde.Probing;
using Sonde.Push;
using Sonde.RemoteWrite;
using Sonde.Samples;
using Sonde.Self;
using Sonde.Storage.Sql;

namespace Sonde.Cli;

/// <summary>
/// Adds everything between the configuration and the pages, in the order in which it starts; it stops the other way
/// round.
/// </summary>
internal static class RunParts
{
    /// <summary>Adds the store, the live windows, the pipeline and the probing.</summary>
    public static IServiceCollection AddRun(this IServiceCollection services, RunSettings settings)
    {
        services.AddSingleton(TimeProvider.System).AddSingleton(settings);
        services.AddConfiguration(settings.File, settings.Start, settings.Adjust);
        services.AddStore(settings).AddLive();
        services.AddSingleton<SamplePipeline>(provider => new SamplePipeline(
            [.. provider.GetServices<ISampleSink>()], provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<SamplePipeline>>()));
        services.AddSingleton<RunStart>().AddSingleton<MarkWriter>().AddSingleton(MakeProbing)
            .AddSingleton(MakePush);
        services.AddHostedService(provider => provider.GetRequiredService<RunStart>());
        services.AddHostedService(provider => provider.GetRequiredService<SamplePipeline>());
        services.AddHostedService(provider => provider.GetRequiredService<ProbingThread>());
        services.AddHostedService<PushWatch>().AddHostedService<ChecksInForce>().AddHostedService<LiveTicker>();
        services.AddHostedService(provider => provider.GetRequiredService<StoreRetention>());
        services.AddSingleton<IReloader, ConfigurationReload>();
        services.AddSingleton<StartHealth>()
            .AddSingleton<IHealthSource>(provider => provider.GetRequiredService<StartHealth>());
        services.AddSingleton<IHealthSource, ConfigurationHealth>().AddSingleton<IHealthSource, StoreHealth>()
            .AddSingleton<IHealthSource, PipelineHealth>()
            .AddSingleton<IHealthSource, ProbingHealth>();
        services.AddSingleton<IMetricSource, RunMetrics>();
        return services.AddWindowsForReceivers(settings);
    }

    /// <summary>Last, so that it stops first: what it misses is only what was measured in its last moment.</summary>
    private static IServiceCollection AddWindowsForReceivers(this IServiceCollection services, RunSettings settings) =>
        settings.Start.RemoteWrite.IsEmpty ? services : services.AddRemoteWrite(settings.Start.RemoteWrite)
            .AddSingleton<IHealthSource, RemoteWriteHealth>();

    private static IServiceCollection AddStore(this IServiceCollection services, RunSettings settings)
    {
        services.AddSingleton<SeriesCatalog>();
        services.AddSingleton(_ => StoreChoice.Of(settings.Start, settings.DataDirectory, isWriter: true))
            .AddSingleton<SampleStore>();
        services.AddSingleton<ISampleStore>(provider => provider.GetRequiredService<SampleStore>());
        services.AddSingleton<IMarkStore>(provider => provider.GetRequiredService<SampleStore>());
        services.AddSingleton<IStoreRetention>(provider => provider.GetRequiredService<SampleStore>());
        services.AddSingleton<StoreRetention>();
        services.AddSingleton(provider => new StoreBuffer(
            new SampleBacklog(provider.GetRequiredService<TimeProvider>()),
            new SampleSpool(settings.DataDirectory, provider.GetRequiredService<SeriesCatalog>()),
            maxAge: settings.Start.Storage is null ? null : StoreBuffer.RemoteMaxAge));
        services.AddSingleton<StoreWriter>();
        services.AddSingleton<ISampleSink>(provider => provider.GetRequiredService<StoreWriter>());
        return services;
    }

    private static IServiceCollection AddLive(this IServiceCollection services)
    {
        services.AddSingleton<LiveChecks>().AddSingleton<LiveStream>();
        services.AddSingleton<ISampleSink>(provider => provider.GetRequiredService<LiveChecks>());
        services.AddSingleton<ISampleSink>(provider => provider.GetRequiredService<LiveStream>());
        services.AddSingleton<ISampleSink>(provider => provider.GetRequiredService<TargetTotals>());
        return services;
    }

    private static ProbingThread MakeProbing(IServiceProvider provider)
    {
        var live = provider.GetRequiredService<LiveChecks>();
        return new ProbingThread(
            provider.GetRequiredService<RunStart>().FirstRound,
            provider.GetRequiredService<RunSettings>().Start.VantagePoint, provider.GetRequiredService<SeriesCatalog>(),
            provider.GetRequiredService<SamplePipeline>(),
            provider.GetRequiredService<MarkWriter>().Add, provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ProbingThread>>())
        {
            ProblemChanged = live.SetProblem,
            LossTold = live.SetLastLoss,
            AddressChanged = provider.GetRequiredService<TargetTotals>().SetAddress,
        };
    }

    private static PushChecks MakePush(IServiceProvider provider) => new(
        provider.GetRequiredService<RunStart>().FirstRound,
        provider.GetRequiredService<RunSettings>().Start.VantagePoint, provider.GetRequiredService<SeriesCatalog>(),
        provider.GetRequiredService<SamplePipeline>(), provider.GetRequiredService<TimeProvider>())
    {
        LossTold = provider.GetRequiredService<LiveChecks>().SetLastLoss,
    };
}
