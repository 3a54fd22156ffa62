using System.Diagnostics;
using System.Net;

namespace Sonde.Benchmarks.Peers;

/// <summary><c>sonde run</c> over a <see cref="ChartStore"/>, ready for requests. Ended on disposal.</summary>
internal sealed class ChartRun : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly RunningProgram _program;
    private readonly HttpClient _http;

    /// <summary>Starts it and waits until it says that it is ready.</summary>
    public ChartRun(FigureSettings settings, ChartStore store)
    {
        var port = SondeRun.FindFreePort();
        _program = new RunningProgram(
            settings.Sonde, "run", store.ConfigurationFile, "--data", store.Data, "--listen", $"127.0.0.1:{port}",
            "--quiet");
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
        while (!IsReady())
        {
            _program.RunFor(TimeSpan.FromMilliseconds(20));
            if (Stopwatch.GetElapsedTime(_program.StartedAt) > Patience)
            {
                throw new InvalidOperationException("it did not become ready");
            }
        }
    }

    /// <summary>Asks over one connection, and takes the time from each request to its last byte.</summary>
    /// <param name="path">What to ask for.</param>
    /// <param name="requests">How often; more than one are warmed up by three that do not count.</param>
    /// <param name="encoding">How the answer may be compressed; null = not.</param>
    /// <returns>Milliseconds.</returns>
    public IReadOnlyList<double> Time(string path, int requests, string? encoding = null)
    {
        var times = new List<double>();
        for (var request = requests > 1 ? -3 : 0; request < requests; request++)
        {
            using var message = new HttpRequestMessage(HttpMethod.Get, path);
            if (encoding is not null)
            {
                message.Headers.Add("Accept-Encoding", encoding);
            }
            var begun = Stopwatch.GetTimestamp();
            using var answer = _http.Send(message, HttpCompletionOption.ResponseHeadersRead);
            using (var body = answer.Content.ReadAsStream())
            {
                body.CopyTo(Stream.Null);
            }
            var took = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                throw new InvalidOperationException($"{path}: {answer.StatusCode}");
            }
            if (request >= 0)
            {
                times.Add(took);
            }
        }
        return times;
    }

    /// <summary>An answer as text.</summary>
    public string Read(string path) => _http.GetStringAsync(new Uri(path, UriKind.Relative)).GetAwaiter().GetResult();

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _program.Dispose();
    }

    private bool IsReady()
    {
        try
        {
            using var answer = _http.GetAsync(new Uri("readyz", UriKind.Relative)).GetAwaiter().GetResult();
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;   // it does not listen yet
        }
    }
}
