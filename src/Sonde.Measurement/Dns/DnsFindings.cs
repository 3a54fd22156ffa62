namespace Sonde.Measurement.Dns;

/// <summary>What a DNS probe found besides its round-trip time.</summary>
public sealed class DnsFindings : ProbeFindings
{
    /// <summary>At most this many answers are kept as text.</summary>
    public const int MaximumAnswers = 32;

    private const int MaximumText = 1024;

    /// <summary>How the answer came, or was waited for.</summary>
    public required DnsTransport Transport { get; init; }

    /// <summary>
    /// From the query's leaving to a truncated answer's arrival, after which TCP was tried; null when none was.
    /// </summary>
    public TimeSpan? Truncated { get; init; }

    /// <summary>From calling connect to the connection; null over UDP or when it was not reached.</summary>
    public TimeSpan? Connect { get; init; }

    /// <summary>The TLS handshake; null without TLS or when it was not reached.</summary>
    public TimeSpan? Tls { get; init; }

    /// <summary>From the query's leaving to its answer's arrival; null when no answer came.</summary>
    public TimeSpan? Request { get; init; }

    /// <summary>Why there was no valid answer on the way to it; none when one came, expected or not.</summary>
    public LossReason Failure { get; init; }

    /// <summary>How the server answered; null when it did not.</summary>
    public DnsResponseCode? ResponseCode { get; init; }

    /// <summary>True when the server has the zone itself.</summary>
    public bool IsAuthoritative { get; init; }

    /// <summary>True when the answer that counted says that records are missing.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>True when an answer came and was not the expected one.</summary>
    public bool IsUnexpected { get; init; }

    /// <summary>How many records answer the question.</summary>
    public int AnswerCount { get; init; }

    /// <summary>How many records name who has authority.</summary>
    public int AuthorityCount { get; init; }

    /// <summary>How many further records there are; EDNS's own is not counted.</summary>
    public int AdditionalCount { get; init; }

    /// <summary>The serial number of the last SOA record among the answers; null without one.</summary>
    public uint? Serial { get; init; }

    /// <summary>
    /// The answers as zone files write them, at most <see cref="MaximumAnswers"/> of at most 1,024 characters.
    /// </summary>
    public IReadOnlyList<string> Answers { get; init; } = [];

    /// <summary>When the server's certificate ends, UTC; null without TLS or certificate.</summary>
    public DateTime? CertificateNotAfter { get; init; }

    /// <summary>
    /// The phases of a connection in microseconds: <c>truncated connect tls request</c>, as far as they were gone
    /// through, the one that failed with its reason. Empty over UDP, where the round-trip time says all.
    /// </summary>
    public override IReadOnlyList<Finding> Quantities
    {
        get
        {
            List<Finding> phases = new(4);
            Add(phases, "truncated", Truncated);
            if (Transport != DnsTransport.Udp)
            {
                Add(phases, "connect", Connect);
                Add(phases, "tls", Tls);
                Add(phases, "request", Request);
                if (Failure != LossReason.None)
                {
                    var isInTls = Connect is not null && Transport == DnsTransport.Tls && Tls is null;
                    phases.Add(new(Connect is null ? "connect" : isInTls ? "tls" : "request", "us", 0, Failure));
                }
            }
            return phases;
        }
    }

    /// <summary>The findings of a connection or a query, with what its answer says.</summary>
    internal DnsFindings With(DnsMessage message, LossReason judgement) => new()
    {
        Transport = Transport,
        Truncated = Truncated,
        Connect = Connect,
        Tls = Tls,
        Request = Request,
        CertificateNotAfter = CertificateNotAfter,
        ResponseCode = message.ResponseCode,
        IsAuthoritative = message.IsAuthoritative,
        IsTruncated = message.IsTruncated,
        IsUnexpected = judgement != LossReason.None,
        AnswerCount = message.Answers.Count,
        AuthorityCount = message.Authorities.Count,
        AdditionalCount = message.Additionals.Count,
        Serial = message.Answers.LastOrDefault(record => record.Serial is not null)?.Serial,
        Answers = [.. message.Answers.Take(MaximumAnswers).Select(record => Shorten(record.ToString()))],
    };

    private static string Shorten(string text) => text.Length <= MaximumText ? text : text[..MaximumText];

    private static void Add(List<Finding> phases, string quantity, TimeSpan? duration)
    {
        if (duration is { } time)
        {
            phases.Add(new(quantity, "us", (long)Math.Round(time.TotalMicroseconds)));
        }
    }
}
