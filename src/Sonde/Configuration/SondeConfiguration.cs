using System.Collections.Immutable;
using System.Net;
using Sonde.Targets;

namespace Sonde.Configuration;

/// <summary>A whole checked sonde.yaml. Never changed: a reload makes a new one and swaps it in once.</summary>
internal sealed record SondeConfiguration
{
    /// <summary>The checks in the order of the file; no id twice.</summary>
    public ImmutableArray<Check> Checks { get; init; } = [];

    /// <summary>The name of this vantage point; default <c>local</c>.</summary>
    public string VantagePoint { get; init; } = "local";

    /// <summary>The zone that rules day borders and reports; default the system's.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Local;

    /// <summary>Where the page listens; default 127.0.0.1:8989.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 8989);

    /// <summary>How the page is served and to whom.</summary>
    public WebConfiguration Web { get; init; } = new();

    /// <summary>The PostgreSQL database that keeps the samples; null = SQLite in the data directory.</summary>
    public StorageConfiguration? Storage { get; init; }

    /// <summary>The modules of <c>/probe</c> by their names; Sonde's own are among them unless replaced.</summary>
    public ImmutableSortedDictionary<string, ProbeModule> Modules { get; init; } = ProbeModule.Standard;

    /// <summary>Whom <c>/probe</c> measures for callers beyond loopback that have no token; default nobody.</summary>
    public ProbeAllowList ProbeAllow { get; init; } = ProbeAllowList.None;

    /// <summary>What <c>/metrics</c> holds.</summary>
    public MetricsConfiguration Metrics { get; init; } = new();

    /// <summary>How long and how much the store keeps.</summary>
    public RetentionConfiguration Retention { get; init; } = new();

    /// <summary>Where the program's own traces, metrics and logs go; null = nowhere.</summary>
    public OtlpConfiguration? Otlp { get; init; }

    /// <summary>Who is sent the windows by Prometheus remote-write, in the order of the file; default nobody.</summary>
    public ImmutableArray<RemoteWriteConfiguration> RemoteWrite { get; init; } = [];
}

/// <summary>What <c>/metrics</c> holds.</summary>
internal sealed record MetricsConfiguration
{
    /// <summary>False to leave out the buckets of histograms; default true.</summary>
    public bool Histograms { get; init; } = true;

    /// <summary>False to leave out the names of smokeping_prober; default true.</summary>
    public bool Smokeping { get; init; } = true;
}

/// <summary>How the page is served and to whom.</summary>
internal sealed record WebConfiguration
{
    /// <summary>
    /// The token that callers must show; null = none, allowed on loopback only. At least 16 characters.
    /// </summary>
    public string? Token { get; init; }

    /// <summary>Names under which the page may be asked for, beside loopback's; against DNS rebinding.</summary>
    public ImmutableArray<string> Hosts { get; init; } = [];

    /// <summary>
    /// The path under which a reverse proxy shows the page: empty, or with a slash in front and none behind.
    /// </summary>
    public string BasePath { get; init; } = "";

    /// <summary>The proxies whose X-Forwarded headers are believed; default none.</summary>
    public ImmutableArray<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>The certificate and key (PEM files) to serve HTTPS with; null = HTTP.</summary>
    public TlsFiles? Tls { get; init; }

    /// <summary>Leaves the token out: what is printed may be logged.</summary>
    public override string ToString() => nameof(WebConfiguration);
}

/// <summary>A certificate with its chain and its key, as PEM files.</summary>
internal sealed record TlsFiles(string CertificateFile, string KeyFile);
