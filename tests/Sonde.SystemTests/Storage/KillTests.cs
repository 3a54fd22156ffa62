using System.Globalization;
using Xunit;

namespace Sonde.SystemTests.Storage;

public sealed class KillTests
{
    [Fact]
    public async Task What_was_acknowledged_before_kill_9_is_there_exactly_once()
    {
        var token = TestContext.Current.CancellationToken;
        var times = Environment.GetEnvironmentVariable("SONDE_SOAK") == "1" ? 200 : 20;
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var directory = Directory.CreateTempSubdirectory("sonde-kill-").FullName;
        var acknowledged = new List<long>();
        try
        {
            for (var kill = 1; kill <= times; kill++)
            {
                using var process = AppendingProcess.Start(directory);
                for (var left = random.Next(1, 500); left > 0; left--)
                {
                    acknowledged.Add(await ReadRoundAsync(process.StandardOutput, token));
                }
                var spins = random.Next(20_000);   // somewhere within the next append
                Thread.SpinWait(spins);
                process.Kill();
                while (await process.StandardOutput.ReadLineAsync(token) is { } line)
                {
                    if (long.TryParse(line, CultureInfo.InvariantCulture, out var round) && round > acknowledged[^1])
                    {
                        acknowledged.Add(round);
                    }
                }
                await process.WaitForExitAsync(token);
                await AppendedBatch.AssertStoredAsync(directory, acknowledged, $"kill {kill} (seed {seed})");
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<long> ReadRoundAsync(StreamReader output, CancellationToken token) => long.Parse(
        await output.ReadLineAsync(token) ?? throw new InvalidOperationException("the appending process ended by itself"),
        CultureInfo.InvariantCulture);
}
