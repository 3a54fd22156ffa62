using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Xunit;

namespace Sonde.SystemTests.Executable;

/// <summary><c>sonde export</c>, while a run writes and after it.</summary>
public sealed class ExportTests
{
    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_a_run_writes_it_only_grows_and_afterwards_both_forms_agree()
    {
        using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var folder = new WorkFolder(
            "defaults: {interval: 100ms, packets: 2}\ntargets:\n"
            + $"{WorkFolder.Loopback(50)}  - Closed: {closed.LocalEndPoint}\n");
        await using var run = await SondeRun.StartAsync(folder, Token);
        await run.AwaitFirstSamplesAsync();
        var seen = new HashSet<StoredSample>();
        for (var time = 0; time < 4; time++)
        {
            await run.AwaitProgressOfAsync("host-1");
            var now = (await StoredSample.ExportAsync(folder.Data, Token)).ToHashSet();
            Assert.ProperSuperset(seen, now);
            Assert.Equal(now.Count, now.DistinctBy(sample => sample.Identity).Count());
            seen = now;
        }
        Assert.Equal(0, await run.StopAsync());

        var csv = await SondeCommand.RunAsync(Token, "export", "--data", folder.Data);
        var ndjson = await SondeCommand.RunAsync(Token, "export", "--data", folder.Data, "--format", "ndjson");

        Assert.Equal((0, 0), (csv.ExitCode, ndjson.ExitCode));
        Assert.Equal(csv.Lines.Skip(1), ndjson.Objects.Select(ToCsv));
        Assert.All(ndjson.Objects, row => Assert.Equal(
            StoredSample.Header, string.Join(',', row.EnumerateObject().Select(field => field.Name))));
        var samples = csv.Lines.Skip(1).Select(StoredSample.Parse).ToList();
        Assert.All(samples, sample => Assert.Equal(sample.Check == "tcp-closed" ? "refused" : "", sample.Loss));
        await AssertFiltersAsync(folder, samples);
    }

    [Theory]
    [InlineData("--format", "xml")]
    [InlineData("--from", "yesterday")]
    [InlineData("--target", "nobody")]
    public async Task Bad_usage_ends_with_2(string option, string value)
    {
        using var folder = new WorkFolder("targets:\n" + WorkFolder.Loopback(1));
        await using (var run = await SondeRun.StartAsync(folder, Token))
        {
            await run.AwaitFirstSamplesAsync();
            Assert.Equal(0, await run.StopAsync());
        }

        var export = await SondeCommand.RunAsync(Token, "export", "--data", folder.Data, option, value);

        Assert.Equal(2, export.ExitCode);
        Assert.Contains(value, export.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", export.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_without_a_store_ends_with_2_and_is_left_as_it_is()
    {
        using var folder = new WorkFolder();

        var export = await SondeCommand.RunAsync(Token, "export", "--data", folder.FullPath);

        Assert.Equal(2, export.ExitCode);
        Assert.Contains(folder.FullPath, export.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.FullPath));
    }

    private static async Task AssertFiltersAsync(WorkFolder folder, List<StoredSample> all)
    {
        var times = all.Select(sample => sample.SentAt).Order().ToList();
        var (from, to) = (times[times.Count / 4], times[times.Count * 3 / 4]);
        var expected = all.Where(sample => sample.SentAt >= from && sample.SentAt < to).ToList();
        string[] span =
        [
            "--from", from.ToString(TimeFormat, CultureInfo.InvariantCulture),
            "--to", to.ToString(TimeFormat, CultureInfo.InvariantCulture),
        ];

        Assert.Equal(expected, await StoredSample.ExportAsync(folder.Data, Token, span));
        Assert.Equal(
            expected.Where(sample => sample.Check is "icmp-host-7" or "icmp-host-8"),
            await StoredSample.ExportAsync(
                folder.Data, Token, [.. span, "--target", "icmp-host-7", "--target", "host-8"]));
        Assert.Equal(
            all.Where(sample => sample.Check == "icmp-host-7"),
            await StoredSample.ExportAsync(folder.Data, Token, "--target", "127.77.0.8"));
    }

    private static string ToCsv(JsonElement row) =>
        string.Join(',', row.EnumerateObject().Select(field => field.Value.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.String => field.Value.GetString(),
        _ => field.Value.GetRawText(),
    }));
}
