using System.Net;

namespace Sonde.Measurement.Http;

/// <summary>One request of a probe and its answer: the last one, or one that redirected.</summary>
/// <param name="Url">What was asked for, without its query.</param>
/// <param name="Address">The address that was asked, or the proxy's; null when there was none yet.</param>
/// <param name="StatusCode">The status of the answer; 0 when there was none.</param>
/// <param name="Phases">How long its phases took.</param>
/// <param name="Headers">
/// The headers of the answer, at most 64 with 256 characters each; cookies and the query of a redirect are left out.
/// </param>
public sealed record HttpHop(
    string Url, IPAddress? Address, int StatusCode, HttpPhaseTimes Phases,
    IReadOnlyList<KeyValuePair<string, string>> Headers);
