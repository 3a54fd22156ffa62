using System.Globalization;
using Sonde.Configuration.Yaml;

namespace Sonde.Configuration;

/// <summary>Reads <c>telemetry</c>: where the program's own traces, metrics and logs go.</summary>
internal static class TelemetryReader
{
    /// <summary>The keys of <c>telemetry</c>.</summary>
    public static readonly string[] Keys = ["otlp"];

    /// <summary>The keys of <c>otlp</c>.</summary>
    public static readonly string[] OtlpKeys =
    [
        "endpoint", "protocol", "interval", "traceRatio", "headers", "basicAuth", "bearerToken",
    ];

    /// <summary>The port that collectors take protocol buffers over HTTP on.</summary>
    private const int HttpPort = 4318;

    /// <summary>The settings; null when there are none, or something is wrong, which is noted.</summary>
    public static OtlpConfiguration? Read(Settings settings)
    {
        if (settings.Node<YamlMap>("telemetry", "{otlp: {endpoint, …}}") is not { } map)
        {
            return null;
        }
        var telemetry = settings.For(map);
        telemetry.RefuseUnknown(Keys);
        telemetry.Require("otlp");
        return telemetry.Node<YamlMap>("otlp", "{endpoint, …}") is { } otlp ? ReadOtlp(settings.For(otlp)) : null;
    }

    private static OtlpConfiguration? ReadOtlp(Settings otlp)
    {
        otlp.RefuseUnknown(OtlpKeys);
        var endpoint = UrlText.Read(otlp, "endpoint", "http://127.0.0.1:4317");
        if (endpoint is { Query.Length: > 0 })
        {
            otlp.Problems.Add(otlp.PlaceOf("endpoint"), "'endpoint' takes a URL without a query");
        }
        var protocol = otlp.Choice("protocol", ("grpc", OtlpProtocol.Grpc), ("http", OtlpProtocol.Http));
        var headers = RequestHeadersReader.Read(otlp);
        var ratio = ReadRatio(otlp);
        var interval = otlp.Duration("interval", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        if (endpoint is null)
        {
            return null;
        }
        var read = new OtlpConfiguration
        {
            Endpoint = endpoint,
            Protocol = protocol ?? (endpoint.Port == HttpPort ? OtlpProtocol.Http : OtlpProtocol.Grpc),
            Headers = headers,
        };
        return read with { TraceRatio = ratio ?? read.TraceRatio, Interval = interval ?? read.Interval };
    }

    private static double? ReadRatio(Settings otlp) => otlp.Value("traceRatio", "a number from 0 to 1", text =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var ratio)
        && ratio is >= 0 and <= 1 ? ratio : (double?)null);
}
