using System.Collections.Immutable;
using Sonde.Configuration;
using Sonde.Samples;

namespace Sonde.RemoteWrite;

/// <summary>Sends the windows to receivers by Prometheus remote-write.</summary>
internal static class RemoteWriteFeature
{
    /// <summary>Adds a writer for each receiver; nothing at all when there is none.</summary>
    public static IServiceCollection AddRemoteWrite(
        this IServiceCollection services, ImmutableArray<RemoteWriteConfiguration> receivers)
    {
        if (receivers.IsEmpty)
        {
            return services;
        }
        services.AddSingleton<SeriesTotals>();
        services.AddSingleton<ISampleSink>(provider => provider.GetRequiredService<SeriesTotals>());
        services.AddSingleton(provider => new RemoteWriters([.. receivers.Select(receiver => new RemoteWriter(
            receiver,
            new WindowRequests(
                provider.GetRequiredService<LiveChecks>(), provider.GetRequiredService<SeriesCatalog>(),
                provider.GetRequiredService<SeriesTotals>()),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<RemoteWriter>>()))]));
        return services.AddHostedService(provider => provider.GetRequiredService<RemoteWriters>());
    }
}
