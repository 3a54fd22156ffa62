using System.Diagnostics;
using Xunit;

namespace Sonde.SystemTests.Executable;

/// <summary>A server of another project at work, as Debian installs it.</summary>
internal sealed class OtherProgram : IAsyncDisposable
{
    private readonly Process _process;
    private readonly List<string> _log = [];

    private OtherProgram(Process process)
    {
        _process = process;
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Starts it in the folder, or skips the test where it is not installed.</summary>
    public static OtherProgram StartOrSkip(WorkFolder folder, string name, params string[] arguments)
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Select(directory => Path.Combine(directory, name)).FirstOrDefault(File.Exists);
        Assert.SkipUnless(program is not null, $"{name} is not installed: apt-get install {name}");
        return new OtherProgram(Process.Start(SondeCommand.Describe(program!, arguments, folder.FullPath))!);
    }

    /// <summary>Asks it; null while it does not listen yet, or answers with an error.</summary>
    public async Task<string?> TryGetAsync(HttpClient http, Uri address, CancellationToken cancellation)
    {
        try
        {
            return await http.GetStringAsync(address, cancellation);
        }
        catch (HttpRequestException error)
        {
            return _process.HasExited ? throw new InvalidOperationException($"It ended:\n{Told()}", error) : null;
        }
    }

    /// <summary>What it wrote last, for messages.</summary>
    public string Told()
    {
        lock (_log)
        {
            return string.Join('\n', _log.TakeLast(30));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_log)
        {
            _log.Add(line.Data ?? "");
        }
    }
}
