using Sonde.SystemTests.Lab;
using Xunit;

namespace Sonde.SystemTests.Executable;

/// <summary><c>sonde run --demo</c>, in a network namespace without any way out.</summary>
public sealed class DemoTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_names_its_targets_starts_and_says_what_it_cannot_send()
    {
        Assert.SkipUnless(LibC.EffectiveUser() == 0, "a network namespace needs root");
        using var folder = new WorkFolder();
        await using var run = SondeRun.Launch(
            folder, ["unshare", "-n", "sh", "-c", "ip link set lo up && exec \"$@\"", "sh"], Token, "--demo",
            "--listen", "127.0.0.1:0");

        await run.AwaitLogAsync("the page is at ");
        var told = run.Output;
        await run.AwaitLogAsync("icmp-cloudflare-dns not sent: ");
        await run.AwaitLogAsync("tcp-quad9-dns-by-tls not sent: ");
        Assert.Equal(0, await run.StopAsync());

        Assert.All(
            ["127.0.0.1", "1.1.1.1", "8.8.8.8", "9.9.9.9", "2606:4700:4700::1111"],
            address => Assert.Contains(told, line => line.Contains(address, StringComparison.Ordinal)));
        Assert.Contains(run.Log, line => line.Contains("no route", StringComparison.Ordinal));
        Assert.Equal(
            "icmp-this-machine", Assert.Single(await StoredSample.ExportByCheckAsync(folder.Data, Token)).Key);
    }

    [Fact]
    public async Task It_starts_where_not_even_loopback_is_up_or_says_why_not()
    {
        Assert.SkipUnless(LibC.EffectiveUser() == 0, "a network namespace needs root");
        using var folder = new WorkFolder();
        await using var run = SondeRun.Launch(folder, ["unshare", "-n"], Token, "--demo", "--listen", "127.0.0.1:0");

        await run.AwaitLogAsync("the page is at ");
        await run.AwaitLogAsync("icmp-cloudflare-dns not sent: ");

        Assert.Equal(0, await run.StopAsync());
    }

    [Fact]
    public async Task It_takes_no_file()
    {
        using var folder = new WorkFolder("targets:\n" + WorkFolder.Loopback(1));

        var run = await SondeCommand.RunAsync(Token, "run", folder.ConfigurationFile, "--demo");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--demo takes no configuration file", run.Errors, StringComparison.Ordinal);
    }
}
