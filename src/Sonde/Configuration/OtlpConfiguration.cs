namespace Sonde.Configuration;

/// <summary>Where the program's own traces, metrics and logs go, by OTLP.</summary>
internal sealed record OtlpConfiguration
{
    /// <summary>The collector; for <see cref="OtlpProtocol.Http"/> without the <c>/v1/…</c> of the signals.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>How the collector is spoken to.</summary>
    public required OtlpProtocol Protocol { get; init; }

    /// <summary>What every request bears; may be secret.</summary>
    public RequestHeaders Headers { get; init; } = RequestHeaders.None;

    /// <summary>The share of rounds that become a trace: 0 to 1; default 0.01.</summary>
    public double TraceRatio { get; init; } = 0.01;

    /// <summary>Time between two sendings of the metrics: 1 s to 1 h; default 1 min.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Leaves the headers out: what is printed may be logged.</summary>
    public override string ToString() => nameof(OtlpConfiguration);
}

/// <summary>The two transports of OTLP.</summary>
internal enum OtlpProtocol : byte
{
    /// <summary>gRPC, usually port 4317.</summary>
    Grpc,

    /// <summary>Protocol buffers over HTTP, usually port 4318.</summary>
    Http,
}
