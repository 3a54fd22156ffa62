namespace Sonde.Targets;

/// <summary>How an HTTP check asks, and what must come back. Holds secrets: it is never written out.</summary>
internal sealed record HttpSettings
{
    /// <summary>The method, in capitals; default GET.</summary>
    public string Method { get; init; } = "GET";

    /// <summary>The request's headers in their order; default none.</summary>
    public ValueList<HttpHeader> Headers { get; init; } = [];

    /// <summary>The request's body, sent as UTF-8; null for none.</summary>
    public string? Body { get; init; }

    /// <summary>The value of the header <c>Authorization</c>; null for none.</summary>
    public string? Authorization { get; init; }

    /// <summary>How many redirects are followed: 0 to 50; default 10.</summary>
    public int Redirects { get; init; } = 10;

    /// <summary>Which version of HTTP is spoken; default what the server prefers.</summary>
    public HttpVersionWish Version { get; init; }

    /// <summary>The statuses that are right; default 200 to 299.</summary>
    public ValueList<StatusRange> Statuses { get; init; } = [new StatusRange(200, 299)];

    /// <summary>The versions that are right, as <c>1.1</c> or <c>2.0</c>; empty for all.</summary>
    public ValueList<string> Versions { get; init; } = [];

    /// <summary>What headers must or must not match; default nothing.</summary>
    public ValueList<HeaderPattern> HeaderPatterns { get; init; } = [];

    /// <summary>What the body must or must not match; default nothing.</summary>
    public ValueList<BodyPattern> BodyPatterns { get; init; } = [];

    /// <summary>Values that a JSON body must have; default none.</summary>
    public ValueList<JsonValue> JsonValues { get; init; } = [];

    /// <summary>The least size of the body in bytes; null for any.</summary>
    public long? MinimumSize { get; init; }

    /// <summary>The greatest size of the body in bytes; null for any.</summary>
    public long? MaximumSize { get; init; }

    /// <summary>True: TLS must be used; false: it must not; null: both are right.</summary>
    public bool? MustUseTls { get; init; }

    /// <summary>How many bytes of the body are read, decompressed: 1 to 100 MiB; default 10 MiB.</summary>
    public long BodyLimit { get; init; } = 10L << 20;

    /// <summary>True to read only so much of a larger body; false, the default, to lose the probe.</summary>
    public bool StopsAtBodyLimit { get; init; }

    /// <summary>The proxy, <c>http://host:port</c>; null, the default, for none.</summary>
    public string? Proxy { get; init; }

    /// <summary>True to mark a change of the body on the time axis; default false.</summary>
    public bool WatchesContent { get; init; }

    /// <summary>How TLS is spoken.</summary>
    public TlsTrust Tls { get; init; } = new();

    /// <summary>Leaves all out: it may hold secrets.</summary>
    public override string ToString() => $"{nameof(HttpSettings)} {Method}";
}

/// <summary>Which version of HTTP a check speaks.</summary>
internal enum HttpVersionWish : byte
{
    /// <summary>Over TLS what the server prefers of 2 and 1.1; without TLS 1.1.</summary>
    Negotiated = 0,

    /// <summary>1.1 alone.</summary>
    One = 1,

    /// <summary>2 alone.</summary>
    Two = 2,

    /// <summary>3 alone.</summary>
    Three = 3,
}

/// <summary>A header of the request. Its value may be a secret.</summary>
internal sealed record HttpHeader(string Name, string Value)
{
    /// <summary>Leaves the value out.</summary>
    public override string ToString() => Name;
}

/// <summary>Statuses from the first to the last, both included.</summary>
internal readonly record struct StatusRange(int First, int Last);

/// <summary>What a header of the answer must match, or must not.</summary>
internal sealed record HeaderPattern(string Header, string Pattern, bool MustMatch, bool AllowsMissing = false);

/// <summary>What the body must match, or must not.</summary>
internal sealed record BodyPattern(string Pattern, bool MustMatch);

/// <summary>The value that must stand at a path of a JSON body, for example at <c>$.state</c>.</summary>
internal sealed record JsonValue(string Path, string Value);
