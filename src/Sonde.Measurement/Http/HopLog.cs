using System.Net;
using System.Net.Http.Headers;
using Sonde.Measurement.Tls;

namespace Sonde.Measurement.Http;

/// <summary>Gathers what the hops of a probe found.</summary>
internal sealed class HopLog(PhaseLedger phases)
{
    private const int MostHeaders = 64;
    private const int LongestValue = 256;
    private readonly List<HttpHop> _hops = [];
    private HttpPhaseTimes _timesBefore;
    private IPAddress? _address;
    private TlsFindings? _tls;
    private bool _isTls;
    private int _status;
    private Version? _version;
    private long _contentLength = -1;
    private DateTimeOffset? _lastModified;
    private AnswerBody? _body;

    /// <summary>How many redirects were followed.</summary>
    public int Redirects { get; set; }

    /// <summary>Adds a hop as far as it came.</summary>
    public void Add(HopRequest request, HopConnection connection, HopExchange exchange)
    {
        var answer = exchange.Answer;
        _address = connection.Address ?? _address;
        _isTls = request.IsTls;
        _tls = connection.Tls;
        _body = exchange.Body;
        _status = answer is null ? 0 : (int)answer.StatusCode;
        _version = answer?.Version;
        _contentLength = answer?.Content.Headers.ContentLength ?? -1;
        _lastModified = answer?.Content.Headers.LastModified;
        var times = phases.Read();
        _hops.Add(new HttpHop(
            HttpTarget.Show(request.Uri), connection.Address, _status, Subtract(times, _timesBefore),
            answer is null ? [] : ReadHeaders(request, answer)));
        _timesBefore = times;
    }

    /// <summary>All of it.</summary>
    /// <param name="outcome">How the probe ended; null when all came through.</param>
    /// <param name="now">The time of the probe.</param>
    public HttpFindings ToFindings(HttpOutcome? outcome, DateTimeOffset now)
    {
        var lostInPhase = outcome is { IsOfExpectation: false } ? outcome.Loss : LossReason.None;
        List<Finding> quantities = [.. phases.ToFindings(lostInPhase)];
        if (_tls is not null)
        {
            quantities.Add(new Finding(
                "certificate", "s", (long)Math.Floor((_tls.EarliestExpiry - now).TotalSeconds)));
        }
        return new HttpFindings(quantities)
        {
            Phases = phases.Read(),
            StatusCode = _status,
            HttpVersion = _version,
            ContentLength = _contentLength,
            BodyLength = _body?.Length ?? 0,
            BodyHash = _body?.Hash,
            Redirects = Redirects,
            IsTls = _isTls,
            LastModified = _lastModified,
            FailedByPattern = outcome is { IsOfPattern: true },
            Tls = _tls,
            Address = _address,
            Hops = _hops,
        };
    }

    private static HttpPhaseTimes Subtract(in HttpPhaseTimes left, in HttpPhaseTimes right) => new(
        left.Resolve - right.Resolve, left.Connect - right.Connect, left.Tls - right.Tls,
        left.Processing - right.Processing, left.Transfer - right.Transfer);

    /// <summary>The headers for people who look for a fault, without what lets in whoever has it.</summary>
    private static List<KeyValuePair<string, string>> ReadHeaders(HopRequest request, HttpResponseMessage answer)
    {
        List<KeyValuePair<string, string>> read = [];
        foreach (var (name, values) in answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated))
        {
            if (read.Count == MostHeaders)
            {
                break;
            }
            read.Add(new(PrintableText.Quote(name, LongestValue)[1..^1], name.ToUpperInvariant() switch
            {
                "SET-COOKIE" => "(left out)",
                "LOCATION" or "CONTENT-LOCATION" or "REFRESH" => ShowPlace(request, answer.Headers),
                _ => PrintableText.Quote(values.ToString(), LongestValue)[1..^1],
            }));
        }
        return read;
    }

    private static string ShowPlace(HopRequest request, HttpResponseHeaders headers) =>
        headers.Location is { } place && Uri.TryCreate(request.Uri, place, out var absolute)
            ? PrintableText.Quote(HttpTarget.Show(absolute), LongestValue)[1..^1]
            : "(left out)";
}
