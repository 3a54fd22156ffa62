using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Sonde.Measurement.Http;

/// <summary>Holds an answer against what is expected.</summary>
internal static class AnswerCheck
{
    /// <summary>The first thing that is not as expected; null when all is.</summary>
    public static HttpOutcome? Check(
        HttpExpectations expected, HttpResponseMessage answer, AnswerBody body, bool isTls) =>
        CheckStatus(expected, (int)answer.StatusCode)
        ?? CheckHeaders(expected, answer)
        ?? CheckBody(expected, answer.Content, body)
        ?? CheckVersion(expected, answer.Version)
        ?? CheckSize(expected, body.Length)
        ?? CheckTls(expected, isTls);

    private static HttpOutcome? CheckStatus(HttpExpectations expected, int status) =>
        expected.Statuses.Any(range => range.Contains(status))
            ? null
            : Unexpected(LossReason.UnexpectedStatus, $"status {status}");

    private static HttpOutcome? CheckHeaders(HttpExpectations expected, HttpResponseMessage answer)
    {
        foreach (var header in expected.Headers)
        {
            string[] values = [.. Values(answer.Headers, header.Name), .. Values(answer.Content.Headers, header.Name)];
            if (header.Check(values) is { } fault)
            {
                return HttpOutcome.Unexpected(LossReason.UnexpectedHeader, fault, isOfPattern: true);
            }
        }
        return null;
    }

    private static HttpOutcome? CheckBody(HttpExpectations expected, HttpContent content, AnswerBody body)
    {
        var text = expected.Bodies.Count > 0 ? body.ReadText(content) : "";
        foreach (var pattern in expected.Bodies)
        {
            if (pattern.Check(text) is { } fault)
            {
                return HttpOutcome.Unexpected(LossReason.UnexpectedBody, fault, isOfPattern: true);
            }
        }
        return expected.JsonValues.Count > 0 ? CheckJson(expected, body) : null;
    }

    private static HttpOutcome? CheckJson(HttpExpectations expected, AnswerBody body)
    {
        try
        {
            using var document = JsonDocument.Parse(body.Bytes);
            return expected.JsonValues.Select(value => value.Check(document.RootElement))
                .FirstOrDefault(fault => fault is not null) is { } fault
                    ? HttpOutcome.Unexpected(LossReason.UnexpectedBody, fault)
                    : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return HttpOutcome.Unexpected(LossReason.UnexpectedBody, "body is not JSON");
        }
    }

    private static HttpOutcome? CheckVersion(HttpExpectations expected, Version version) =>
        expected.HttpVersions.Count == 0 || expected.HttpVersions.Contains(version)
            ? null
            : Unexpected(LossReason.UnexpectedAnswer, $"HTTP/{version}");

    private static HttpOutcome? CheckSize(HttpExpectations expected, long size)
    {
        if (size < expected.MinimumSize)
        {
            return Unexpected(
                LossReason.UnexpectedBody, $"body of {size} bytes, less than {expected.MinimumSize}");
        }
        return size > expected.MaximumSize
            ? Unexpected(LossReason.UnexpectedBody, $"body of {size} bytes, more than {expected.MaximumSize}")
            : null;
    }

    private static HttpOutcome? CheckTls(HttpExpectations expected, bool isTls) => isTls switch
    {
        true when expected.FailsIfTls => Unexpected(LossReason.UnexpectedAnswer, $"answered over TLS"),
        false when expected.FailsIfNotTls => Unexpected(LossReason.UnexpectedAnswer, $"answered without TLS"),
        _ => null,
    };

    private static HttpOutcome Unexpected(LossReason loss, FormattableString detail) =>
        HttpOutcome.Unexpected(loss, detail.ToString(CultureInfo.InvariantCulture));

    private static HeaderStringValues Values(HttpHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) ? values : default;
}
