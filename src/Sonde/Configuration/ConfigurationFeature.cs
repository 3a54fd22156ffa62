using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Sonde.Configuration;

/// <summary>Makes the configuration in force available as <see cref="ConfigurationFile"/>, and reloads it.</summary>
internal static class ConfigurationFeature
{
    /// <summary>Adds the configuration and its watch.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="path">The file; null when there is none (<c>--demo</c>), then nothing is watched.</param>
    /// <param name="start">What was read from it, already adjusted.</param>
    /// <param name="adjust">Lays the command line's options over each configuration that is read; null = none.</param>
    public static IServiceCollection AddConfiguration(
        this IServiceCollection services,
        string? path,
        SondeConfiguration start,
        Func<SondeConfiguration, SondeConfiguration>? adjust = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new ConfigurationFile(
            path, start, adjust,
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ConfigurationFile>>()));
        return path is null ? services : services.AddHostedService<ConfigurationWatch>();
    }
}
