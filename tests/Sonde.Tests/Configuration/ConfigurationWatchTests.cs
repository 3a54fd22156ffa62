using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Sonde.Configuration;
using Xunit;

namespace Sonde.Tests.Configuration;

public sealed partial class ConfigurationWatchTests : IDisposable
{
    private const int HangUp = 1;   // signal(7)

    private readonly ScratchDirectory _directory = new();
    private readonly ManualTimeProvider _time = new();
    private readonly TaskCompletionSource<ConfigurationChange> _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact(Timeout = 30_000)]
    public async Task A_written_file_comes_into_force_within_seconds()
    {
        using var file = Begin();
        using var watch = new ConfigurationWatch(file, _time, NullLogger<ConfigurationWatch>.Instance);
        await watch.StartAsync(Token);
        await _time.Armed;
        _directory.Write("sonde.yaml", "targets: [b]");

        while (!_changed.Task.IsCompleted)
        {
            Token.ThrowIfCancellationRequested();
            _time.Advance(ConfigurationWatch.Interval);
            await Task.Yield();
        }

        Assert.Equal("b", file.Current.Checks[0].Host);
        await watch.StopAsync(Token);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_hang_up_signal_reloads_and_does_not_end_the_process()
    {
        using var file = Begin();
        using var watch = new ConfigurationWatch(file, _time, NullLogger<ConfigurationWatch>.Instance);
        await watch.StartAsync(Token);
        _directory.Write("sonde.yaml", "targets: [b]");

        Assert.Equal(0, Kill(Environment.ProcessId, HangUp));

        Assert.Equal("b", (await _changed.Task.WaitAsync(Token)).New.Checks[0].Host);
        await watch.StopAsync(Token);
    }

    [Fact]
    public void A_host_gets_the_configuration_and_its_watch()
    {
        var path = _directory.Write("sonde.yaml", "targets: [a]");
        var start = ConfigurationReader.ReadFile(path).Configuration!;

        using var watched = new ServiceCollection().AddLogging().AddConfiguration(path, start).BuildServiceProvider();
        using var unwatched = new ServiceCollection().AddLogging().AddConfiguration(null, start).BuildServiceProvider();

        Assert.Same(start, watched.GetRequiredService<ConfigurationFile>().Current);
        Assert.IsType<ConfigurationWatch>(Assert.Single(watched.GetServices<IHostedService>()));
        Assert.Empty(unwatched.GetServices<IHostedService>());
    }

    private ConfigurationFile Begin()
    {
        var path = _directory.Write("sonde.yaml", "targets: [a]");
        var file = new ConfigurationFile(
            path, ConfigurationReader.ReadFile(path).Configuration!, null, _time, NullLogger<ConfigurationFile>.Instance);
        file.Changed += change => _changed.TrySetResult(change);
        return file;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
