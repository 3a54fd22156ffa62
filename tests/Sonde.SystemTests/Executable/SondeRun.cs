using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sonde.SystemTests.Executable;

/// <summary>A <c>sonde run</c> at work, as its user sees it: its streams, its page, its data directory.</summary>
internal sealed partial class SondeRun : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<string> _log = [];
    private readonly List<string> _output = [];
    private readonly CancellationToken _cancellation;
    private readonly Task _reading;

    private SondeRun(Process process, CancellationToken cancellation)
    {
        Process = process;
        _cancellation = cancellation;
        _reading = Task.WhenAll(ReadAsync(process.StandardError, _log), ReadAsync(process.StandardOutput, _output));
    }

    /// <summary>The process.</summary>
    public Process Process { get; }

    /// <summary>What it wrote to stderr so far, line by line.</summary>
    public IReadOnlyList<string> Log
    {
        get
        {
            lock (_lock)
            {
                return [.. _log];
            }
        }
    }

    /// <summary>What it wrote to stdout so far, line by line.</summary>
    public IReadOnlyList<string> Output
    {
        get
        {
            lock (_lock)
            {
                return [.. _output];
            }
        }
    }

    /// <summary>Asks the page; ready once the run has told its address.</summary>
    public HttpClient Page { get; private set; } = new();

    /// <summary>Where the page is.</summary>
    public Uri Address =>
        Page.BaseAddress ?? throw new InvalidOperationException("The page's address is not known yet.");

    /// <summary>
    /// Starts <c>sonde run</c> in the folder, with a page on a free port, and waits until it told where.
    /// </summary>
    public static async Task<SondeRun> StartAsync(
        WorkFolder folder, CancellationToken cancellation, params IEnumerable<string> options)
    {
        var run = Launch(folder, [], cancellation, ["--listen", "127.0.0.1:0", .. options]);
        await run.AwaitAddressAsync();
        return run;
    }

    /// <summary>Starts <c>sonde run</c> in the folder and waits for nothing.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="by">A program, with its arguments, that becomes <c>sonde</c> by exec; empty = none.</param>
    /// <param name="cancellation">Ends every waiting.</param>
    /// <param name="options">What stands behind <c>sonde run</c>.</param>
    public static SondeRun Launch(
        WorkFolder folder, IReadOnlyList<string> by, CancellationToken cancellation, params IEnumerable<string> options)
    {
        string[] words = [.. by, SondeExecutable.PathOrSkip(), "run", .. options];
        var process = Process.Start(SondeCommand.Describe(words[0], words[1..], folder.FullPath))!;
        return new SondeRun(process, cancellation);
    }

    /// <summary>Waits until it has told where its page is.</summary>
    public async Task<SondeRun> AwaitAddressAsync()
    {
        var line = await AwaitLogAsync("the page is at ");
        Page.Dispose();
        Page = new HttpClient { BaseAddress = new Uri(AddressPattern().Match(line).Value), Timeout = Eventually.Bound };
        return this;
    }

    /// <summary>Waits for a line of the log that contains the text.</summary>
    /// <param name="text">What it contains.</param>
    /// <param name="after">Lines of the log that are passed over.</param>
    public Task<string> AwaitLogAsync(string text, int after = 0) => Eventually.FindAsync(
        () => Log.Skip(after).FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal)) is { } line
            ? Task.FromResult<string?>(line)
            : Process.HasExited && _reading.IsCompleted
                && !Log.Any(said => said.Contains(text, StringComparison.Ordinal))
                ? throw new InvalidOperationException($"It ended with {Process.ExitCode}:\n{Told()}")
                : Task.FromResult<string?>(null),
        $"a line of the log with '{text}'", Told, _cancellation);

    /// <summary>All targets as the API gives them, by name.</summary>
    public async Task<IReadOnlyDictionary<string, JsonElement>> TargetsAsync()
    {
        await using var body = await Page.GetStreamAsync("api/v1/targets", _cancellation);
        using var document = await JsonDocument.ParseAsync(body, cancellationToken: _cancellation);
        return document.RootElement.EnumerateArray()
            .ToDictionary(row => row.GetProperty("name").GetString()!, row => row.Clone());
    }

    /// <summary>Waits until the API's rows are so.</summary>
    public Task AwaitTargetsAsync(Func<IReadOnlyDictionary<string, JsonElement>, bool> areSo, string what) =>
        Eventually.BecomesTrueAsync(async () => areSo(await TargetsAsync()), what, Told, _cancellation);

    /// <summary>Waits until every target was measured.</summary>
    public Task AwaitFirstSamplesAsync() =>
        AwaitTargetsAsync(rows => rows.Values.All(row => row.LastSentAt() is not null), "a sample of every target");

    /// <summary>Waits until every target was measured after now.</summary>
    public Task AwaitProgressAsync() => AwaitProgressOfAsync();

    /// <summary>Waits until each of the named targets was measured after now; no name = all.</summary>
    public async Task AwaitProgressOfAsync(params IReadOnlyCollection<string> names)
    {
        var before = (await TargetsAsync()).ToDictionary(row => row.Key, row => row.Value.LastSentAt());
        await AwaitTargetsAsync(
            rows => rows.Where(row => names.Count == 0 || names.Contains(row.Key)).All(
                row => row.Value.LastSentAt() > (before.GetValueOrDefault(row.Key) ?? DateTimeOffset.MinValue)),
            "a later sample of every target");
    }

    /// <summary>What <c>/readyz</c> answers.</summary>
    public async Task<(int Status, string Text)> ReadyAsync()
    {
        using var answer = await Page.GetAsync("readyz", _cancellation);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(_cancellation));
    }

    /// <summary>Waits until <c>/readyz</c> answers with the status.</summary>
    /// <returns>Its text.</returns>
    public Task<string> AwaitReadyAsync(int status) => Eventually.FindAsync(
        async () => await ReadyAsync() is var (now, text) && now == status ? text : null,
        $"readyz with {status}", Told, _cancellation);

    /// <summary>The overview as a browser without script gets it.</summary>
    public Task<string> OverviewAsync() => Page.GetStringAsync("", _cancellation);

    /// <summary>Ends it by a signal and waits until it is gone.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync(int signal = Signal.Terminate)
    {
        Signal.Send(Process, signal);
        return await AwaitEndAsync();
    }

    /// <summary>Waits until it is gone.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> AwaitEndAsync()
    {
        await Process.WaitForExitAsync(_cancellation).WaitAsync(Eventually.Bound, _cancellation);
        await _reading;
        return Process.ExitCode;
    }

    /// <summary>All it has written, for messages.</summary>
    public string Told() => string.Join('\n', Log.TakeLast(50));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!Process.HasExited)
        {
            Process.Kill();
        }
        await Process.WaitForExitAsync(CancellationToken.None);
        await _reading;
        Process.Dispose();
        Page.Dispose();
    }

    private async Task ReadAsync(StreamReader stream, List<string> lines)
    {
        while (await stream.ReadLineAsync(CancellationToken.None) is { } line)
        {
            lock (_lock)
            {
                lines.Add(line);
            }
        }
    }

    [GeneratedRegex(@"https?://\S+")]
    private static partial Regex AddressPattern();
}
