using System.Globalization;
using System.Text;
using Sonde.Measurement.Dns;
using Sonde.Measurement.Tls;
using Sonde.Probing;
using Sonde.Samples;

namespace Sonde.Compatibility.Blackbox;

/// <summary>All that is known of a probe, for people who look for a fault: <c>&amp;debug=true</c>.</summary>
internal static class ProbeReport
{
    /// <summary>What the probe did, its metrics, and its module without secrets.</summary>
    public static string Write(ProbeRequest request, ProbeOutcome outcome)
    {
        var text = new StringBuilder("Log of the probe:\n");
        foreach (var line in Tell(request, outcome))
        {
            text.Append("  ").Append(line).Append('\n');
        }
        text.Append("\nIts metrics:\n").Append(ProbeEndpoint.ToText(outcome));
        text.Append("\nIts module:\n").Append(ModuleText.Write(request.Module));
        return text.ToString();
    }

    private static IEnumerable<string> Tell(ProbeRequest request, ProbeOutcome outcome)
    {
        yield return $"module {request.Module.Name}, target {request.Target}, at most {Seconds(outcome.Timeout)}";
        if (outcome.Lookup is { Address: { } address } lookup)
        {
            yield return $"address {address}, found in {Seconds(lookup.Duration)}";
        }
        foreach (var line in TellFindings(outcome))
        {
            yield return line;
        }
        yield return outcome switch
        {
            { Problem: { } problem } => $"failed: {problem}",
            { Result: { IsAnswered: true } result } => $"answered in {Seconds(result.Rtt.Milliseconds / 1e3)}",
            { Result: { IsLost: true } result } => $"lost: {result.Detail ?? result.Loss.ToMeaning()}",
            { Result: { } result } => $"not sent: {result.Detail ?? NotSentWords.For(result.NotSent)}",
            _ => "failed",
        };
        if (outcome.Result is { IsSuspect: true })
        {
            yield return "suspect: this program was late meanwhile, so that the times may be wrong by over 1 ms";
        }
    }

    private static IEnumerable<string> TellFindings(ProbeOutcome outcome)
    {
        foreach (var hop in ProbeFamilies.HttpOf(outcome)?.Hops ?? [])
        {
            var phases = hop.Phases;
            yield return $"asked {hop.Url} at {hop.Address}: status {hop.StatusCode}; connect "
                + $"{Seconds(phases.Connect)}, tls {Seconds(phases.Tls)}, processing {Seconds(phases.Processing)}, "
                + $"transfer {Seconds(phases.Transfer)}";
            foreach (var (name, value) in hop.Headers)
            {
                yield return $"  {name}: {value}";
            }
        }
        if ((ProbeFamilies.TcpOf(outcome)?.Tls ?? ProbeFamilies.HttpOf(outcome)?.Tls) is { } tls)
        {
            yield return Tell(tls);
        }
        if (outcome.Result?.Findings is DnsFindings { ResponseCode: { } code } dns)
        {
            yield return $"answer {code.ToWord()} over {dns.Transport}: {dns.AnswerCount} answer, "
                + $"{dns.AuthorityCount} authority, {dns.AdditionalCount} additional";
            foreach (var answer in dns.Answers)
            {
                yield return $"  {answer}";
            }
        }
    }

    private static string Tell(TlsFindings tls) => string.Create(
        CultureInfo.InvariantCulture,
        $"{tls.Version ?? "TLS not completed"}, certificate {tls.Subject} of {tls.Issuer}, "
        + $"until {tls.EarliestExpiry:u}");

    private static string Seconds(TimeSpan time) => Seconds(time.TotalSeconds);

    private static string Seconds(double seconds) => seconds.ToString("0.000### s", CultureInfo.InvariantCulture);
}
