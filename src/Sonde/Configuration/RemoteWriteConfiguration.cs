namespace Sonde.Configuration;

/// <summary>A receiver of the windows by Prometheus remote-write.</summary>
internal sealed record RemoteWriteConfiguration
{
    /// <summary>Where it takes them, for example <c>http://127.0.0.1:9090/api/v1/write</c>.</summary>
    public required Uri Url { get; init; }

    /// <summary>Time between two sendings: 1 s to 1 h; default 15 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long one request may take: 100 ms to 5 min; default 30 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What every request bears, who we are included; may be secret.</summary>
    public RequestHeaders Headers { get; init; } = RequestHeaders.None;

    /// <summary>Leaves all out: what is printed may be logged.</summary>
    public override string ToString() => nameof(RemoteWriteConfiguration);
}
