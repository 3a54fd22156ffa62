using System.Net;
using Sonde.Measurement.Tls;

namespace Sonde.Measurement.Dns;

/// <summary>What an answer must be to count.</summary>
public sealed class DnsExpectations
{
    /// <summary>At most this many expected answers.</summary>
    public const int MaximumAnswers = 64;

    private const int TextShown = 80;
    private readonly string[] _wanted;

    /// <summary>Only <c>NOERROR</c> is expected, and nothing of the records.</summary>
    public DnsExpectations()
        : this(null)
    {
    }

    /// <summary>Expectations.</summary>
    /// <param name="responseCodes">The response codes that count; null or empty for <c>NOERROR</c> alone.</param>
    /// <param name="answers">
    /// Each must be the contents of an answer record; more may be there. <c>192.0.2.1</c>, <c>10 mail.example.org</c>,
    /// the text of a TXT record; case and last dot of names do not matter. Null for none.
    /// </param>
    /// <exception cref="ArgumentException">There are too many answers.</exception>
    public DnsExpectations(IReadOnlyList<DnsResponseCode>? responseCodes, IReadOnlyList<string>? answers = null)
    {
        if (answers?.Count > MaximumAnswers)
        {
            throw new ArgumentException($"There are more than {MaximumAnswers} answers.", nameof(answers));
        }
        ResponseCodes = responseCodes is null or { Count: 0 } ? [DnsResponseCode.NoError] : [.. responseCodes];
        Answers = answers is null ? [] : [.. answers];
        _wanted = [.. Answers.Select(Normalize)];
    }

    /// <summary>The response codes that count.</summary>
    public IReadOnlyList<DnsResponseCode> ResponseCodes { get; }

    /// <summary>What must be among the answers.</summary>
    public IReadOnlyList<string> Answers { get; }

    /// <summary>What the answer section must look like; default anything.</summary>
    public DnsSectionRules AnswerRules { get; init; } = new();

    /// <summary>What the authority section must look like; default anything.</summary>
    public DnsSectionRules AuthorityRules { get; init; } = new();

    /// <summary>What the additional section must look like, EDNS's own record left out; default anything.</summary>
    public DnsSectionRules AdditionalRules { get; init; } = new();

    /// <summary>Holds an answer to the expectations: first the response code, then the records.</summary>
    /// <returns>Why the probe is lost, and the detail; none and null when all is as expected.</returns>
    internal (LossReason Loss, string? Detail) Judge(DnsMessage message)
    {
        if (!ResponseCodes.Contains(message.ResponseCode))
        {
            var reason = message.ResponseCode switch
            {
                DnsResponseCode.ServerFailure => LossReason.NameServerFailure,
                DnsResponseCode.Refused => LossReason.QueryRefused,
                _ => LossReason.UnexpectedResponseCode,
            };
            return (reason, $"rcode {message.ResponseCode.ToWord()}");
        }
        var fault = FindMissing(message)
            ?? AnswerRules.FindFault("answer", message.Answers)
            ?? AuthorityRules.FindFault("authority", message.Authorities)
            ?? AdditionalRules.FindFault("additional", message.Additionals);
        return (fault is null ? LossReason.None : LossReason.UnexpectedRecords, fault);
    }

    private string? FindMissing(DnsMessage message)
    {
        if (_wanted.Length == 0)
        {
            return null;
        }
        var found = message.Answers.Select(record => Normalize(record.DescribeContents())).ToHashSet();
        var missing = Array.FindIndex(_wanted, answer => !found.Contains(answer));
        return missing < 0 ? null : $"no answer is {PrintableText.Quote(Answers[missing], TextShown)}";
    }

    /// <summary>
    /// One form for what means the same: an address, text without its quotes, or words in lower case without a last
    /// dot.
    /// </summary>
    private static string Normalize(string contents)
    {
        var text = contents.Trim();
        if (text is ['"', .., '"'])
        {
            return text[1..^1].Replace("\" \"", "", StringComparison.Ordinal).ToLowerInvariant();
        }
        return IPAddress.TryParse(text, out var address) && text.AsSpan().ContainsAny(".:")
            ? address.ToString()
            : text.TrimEnd('.').ToLowerInvariant();
    }
}
