using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Sonde.Configuration;

namespace Sonde.RemoteWrite;

/// <summary>Speaks to one receiver: remote-write 1.0 over HTTP. Nobody else is asked: no proxy, no redirect.</summary>
internal sealed class ReceiverClient : IDisposable
{
    private const int MostAnswerBytes = 1_000;
    private const int MostAnswerCharacters = 200;

    private static readonly ProductInfoHeaderValue Product =
        new("sonde", typeof(ReceiverClient).Assembly.GetName().Version?.ToString(3));

    private readonly RemoteWriteConfiguration _receiver;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;

    public ReceiverClient(RemoteWriteConfiguration receiver, TimeProvider time)
    {
        (_receiver, _time) = (receiver, time);
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            MaxConnectionsPerServer = 1,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), // so that a new address of the name is seen
        };
        _client = new HttpClient(handler) { Timeout = receiver.Timeout };
    }

    /// <summary>Sends a request once.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<Delivery> SendAsync(WriteRequest request, CancellationToken cancellationToken)
    {
        try
        {
            using var message = Describe(request);
            using var response = await _client.SendAsync(
                message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return await JudgeAsync(response, cancellationToken);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            return new Delivery(DeliveryKind.Failed, error.GetBaseException().Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var seconds = _receiver.Timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture);
            return new Delivery(DeliveryKind.Failed, $"no answer within {seconds} s");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private HttpRequestMessage Describe(WriteRequest request)
    {
        var content = new ByteArrayContent(request.Body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        content.Headers.ContentEncoding.Add("snappy");
        var message = new HttpRequestMessage(HttpMethod.Post, _receiver.Url) { Content = content };
        message.Headers.UserAgent.Add(Product);
        message.Headers.Add("X-Prometheus-Remote-Write-Version", "0.1.0");
        _receiver.Headers.AddTo(message);
        return message;
    }

    private async Task<Delivery> JudgeAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
        {
            return new Delivery(DeliveryKind.Taken);
        }
        var problem = $"{(int)response.StatusCode} {await ReadReasonAsync(response, cancellationToken)}".TrimEnd();
        var mayPass = (int)response.StatusCode >= 500 || response.StatusCode == HttpStatusCode.TooManyRequests;
        return mayPass
            ? new Delivery(DeliveryKind.Failed, problem, ReadRetryAfter(response))
            : new Delivery(DeliveryKind.Refused, problem);
    }

    private TimeSpan? ReadRetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - _time.GetUtcNow(),
        _ => null,
    };

    /// <summary>
    /// The first words of the answer; nothing when they repeat a header of ours, which may be secret.
    /// </summary>
    private async Task<string> ReadReasonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_receiver.Timeout);
        var bytes = new byte[MostAnswerBytes];
        await using var stream = await response.Content.ReadAsStreamAsync(patience.Token);
        var length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, patience.Token);
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        if (_receiver.Headers.All.Any(header => Repeats(text, header.Value)))
        {
            return "";
        }
        var line = string.Concat(text.Trim().TakeWhile(c => c is not ('\n' or '\r')).Where(c => !char.IsControl(c)));
        return line.Length <= MostAnswerCharacters ? line : line[..MostAnswerCharacters];
    }

    /// <summary>True when a header's value, or a word of it as the token behind Bearer, stands in the text.</summary>
    private static bool Repeats(string text, string value) =>
        value.Split(' ').Any(word => word.Length > 3 && text.Contains(word, StringComparison.OrdinalIgnoreCase));
}
