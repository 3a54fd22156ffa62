using System.Collections.Immutable;
using Sonde.Configuration.Yaml;

namespace Sonde.Configuration;

/// <summary>Reads <c>remoteWrite</c>: who is sent the windows.</summary>
internal static class RemoteWriteReader
{
    /// <summary>The keys of an entry.</summary>
    public static readonly string[] Keys = ["url", "interval", "timeout", "headers", "basicAuth", "bearerToken"];

    private const int MostReceivers = 10;

    /// <summary>The receivers in the order of the file; what is wrong is noted.</summary>
    public static ImmutableArray<RemoteWriteConfiguration> Read(Settings settings)
    {
        var items = settings.List("remoteWrite", "a list of {url, …}")?.Items ?? [];
        if (items.Length > MostReceivers)
        {
            settings.Problems.Add(items[MostReceivers].Place, $"'remoteWrite' takes at most {MostReceivers} receivers");
        }
        var receivers = ImmutableArray.CreateBuilder<RemoteWriteConfiguration>();
        foreach (var item in items.Take(MostReceivers))
        {
            if (item is not YamlMap map)
            {
                settings.Problems.Add(item.Place, $"'remoteWrite' takes {{url, …}}, not {Settings.ShapeOf(item)}");
            }
            else if (ReadReceiver(settings.For(map)) is { } receiver)
            {
                receivers.Add(receiver);
            }
        }
        return receivers.ToImmutable();
    }

    private static RemoteWriteConfiguration? ReadReceiver(Settings settings)
    {
        settings.RefuseUnknown(Keys);
        var url = UrlText.Read(settings, "url", "http://127.0.0.1:9090/api/v1/write");
        var interval = settings.Duration("interval", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        var timeout = settings.Duration("timeout", TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5));
        var headers = RequestHeadersReader.Read(settings);
        if (url is null)
        {
            return null;
        }
        var read = new RemoteWriteConfiguration { Url = url, Headers = headers };
        return read with { Interval = interval ?? read.Interval, Timeout = timeout ?? read.Timeout };
    }
}
