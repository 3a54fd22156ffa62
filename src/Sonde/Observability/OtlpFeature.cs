using System.Diagnostics;
using Sonde.Configuration;
using Sonde.Samples;

namespace Sonde.Observability;

/// <summary>
/// Sends the program's own traces, metrics and logs to a collector. Only called when one is configured: without it
/// nothing here is loaded, started or allocated.
/// </summary>
internal static class OtlpFeature
{
    /// <summary>Not among the services: there the web server would take it for its own.</summary>
    private static readonly ActivitySource Rounds = new(OtlpExport.Name);

    /// <summary>Adds the sending of all three.</summary>
    public static void AddOtlp(this WebApplicationBuilder builder, OtlpConfiguration settings, string vantagePoint)
    {
        var watch = new OtlpWatch(settings, TimeProvider.System);
        var export = new OtlpExport(settings, vantagePoint, watch);
        builder.Logging.AddOpenTelemetry(export.Configure);
        builder.Services.AddSingleton<SelfInstruments>().AddSingleton<ConfiguredChecks>();
        builder.Services.AddSingleton<ISampleSink>(provider => new RoundTraces(
            provider.GetRequiredService<SeriesCatalog>(), provider.GetRequiredService<ConfiguredChecks>().Find,
            settings.TraceRatio, Rounds));
        builder.Services.AddHostedService(provider =>
        {
            watch.Logger = provider.GetRequiredService<ILogger<OtlpWatch>>();
            return new OtlpProviders(export, provider.GetRequiredService<SelfInstruments>());
        });
    }
}
