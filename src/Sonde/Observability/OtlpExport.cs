using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Sonde.Configuration;

namespace Sonde.Observability;

/// <summary>How traces, metrics and logs are given to the collector.</summary>
/// <remarks>
/// The exporters read OTEL_… variables of the environment wherever they are not kept from it: options come from
/// sonde.yaml only, so each is given an empty configuration and every option by name.
/// </remarks>
internal sealed class OtlpExport(OtlpConfiguration settings, string vantagePoint, OtlpWatch watch)
{
    /// <summary>The name of the program's traces and metrics.</summary>
    public const string Name = "Sonde";

    private const string RuntimeMeter = "System.Runtime";
    private static readonly IConfiguration Nothing = new ConfigurationBuilder().Build();

    /// <summary>Makes the provider of traces. What is traced was chosen before: all of it is sent.</summary>
    public TracerProvider MakeTraces() => Sdk.CreateTracerProviderBuilder()
        .ConfigureServices(services => services.AddSingleton(Nothing))
        .SetResourceBuilder(Describe()).AddSource(Name).SetSampler(new AlwaysOnSampler())
        .AddOtlpExporter(options => Configure(options, "v1/traces")).Build();

    /// <summary>Makes the provider of metrics: the program's own and those of the runtime.</summary>
    public MeterProvider MakeMetrics() => Sdk.CreateMeterProviderBuilder()
        .ConfigureServices(services => services.AddSingleton(Nothing))
        .SetResourceBuilder(Describe()).AddMeter(Name, RuntimeMeter)
        .AddOtlpExporter((options, reader) =>
        {
            Configure(options, "v1/metrics");
            reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds =
                (int)settings.Interval.TotalMilliseconds;
        }).Build();

    /// <summary>Sends what is logged, at the levels of the log on stderr.</summary>
    public void Configure(OpenTelemetryLoggerOptions logs)
    {
        logs.IncludeFormattedMessage = true;
        logs.SetResourceBuilder(Describe());
        logs.AddOtlpExporter(options => Configure(options, "v1/logs"));
    }

    private ResourceBuilder Describe() => ResourceBuilder.CreateEmpty()
        .AddService(
            "sonde", serviceVersion: typeof(OtlpExport).Assembly.GetName().Version?.ToString(3),
            autoGenerateServiceInstanceId: false, serviceInstanceId: $"{Environment.MachineName}/{vantagePoint}")
        .AddAttributes([new("host.name", Environment.MachineName), new("sonde.vantage_point", vantagePoint)]);

    private void Configure(OtlpExporterOptions options, string path)
    {
        var isHttp = settings.Protocol == OtlpProtocol.Http;
        options.Protocol = isHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        options.Endpoint = isHttp ? Below(settings.Endpoint, path) : settings.Endpoint;
        options.TimeoutMilliseconds = (int)OtlpWatch.Timeout.TotalMilliseconds;
        options.HttpClientFactory = watch.MakeClient;
    }

    private static Uri Below(Uri endpoint, string path) => new($"{endpoint.AbsoluteUri.TrimEnd('/')}/{path}");
}
