using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Sonde.SystemTests.Lab;

namespace Sonde.Benchmarks;

/// <summary>
/// Plays hosts until it is interrupted, or until its input, if that is a pipe, ends; then says as JSON what happened.
/// </summary>
internal static class LabCommand
{
    private const string UsageText =
        "usage: lab [--hosts N] [--delay 20ms] [--loss 0.1] [--duplicates N] [--namespace NAME] [--spin] [--records N]";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Runs until the end. Exit code 0, or 2 for bad usage or where there is no TUN.</summary>
    public static int Run(string[] args)
    {
        if (!TryRead(args, out var hosts, out var host, out var options))
        {
            Console.Error.WriteLine(UsageText);
            return 2;
        }
        if (SimulatedNetwork.FindObstacle() is { } obstacle)
        {
            Console.Error.WriteLine(obstacle);
            return 2;
        }
        using var network = SimulatedNetwork.Start(options);
        for (var number = 1; number <= hosts; number++)
        {
            network.Hosts[number] = host;
        }
        Console.WriteLine($"ready: {hosts} hosts from {network.Addresses.Host4(1)} and {network.Addresses.Host6(1)} "
            + $"on {network.Device}, answering after {host.Answers[0].After.TotalMilliseconds} ms");
        AwaitEnd();
        Console.WriteLine(JsonSerializer.Serialize(LabSummary.Of(network), Json));
        return 0;
    }

    private static bool TryRead(
        string[] args, out int hosts, out SimulatedHost host, out SimulatedNetworkOptions options)
    {
        var (delay, loss, duplicates) = (TimeSpan.FromMilliseconds(20), 0.0, 0);
        (hosts, host, options) = (
            1000, SimulatedHost.Silent, new SimulatedNetworkOptions { Others = SimulatedHost.Silent });
        for (var index = 0; index < args.Length; index++)
        {
            if (args[index] == "--spin")
            {
                options = options with { SpinsAlways = true };
                continue;
            }
            var value = index + 1 < args.Length ? args[index + 1] : "";
            var count = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : -1;
            var isRead = args[index] switch
            {
                "--hosts" => count is >= 1 and <= LabAddresses.LastHost,
                "--delay" => TryReadDelay(value, out delay),
                "--loss" => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out loss)
                    && loss is >= 0 and <= 1,
                "--duplicates" => count is >= 0 and <= 100,
                "--namespace" => value.Length > 0,
                "--records" => count >= 1,
                _ => false,
            };
            if (!isRead)
            {
                return false;
            }
            hosts = args[index] == "--hosts" ? count : hosts;
            duplicates = args[index] == "--duplicates" ? count : duplicates;
            options = args[index] == "--namespace" ? options with { Namespace = value } : options;
            options = args[index] == "--records" ? options with { RecordedPackets = count } : options;
            index++;
        }
        host = SimulatedHost.Answering(delay).WithDuplicates(duplicates, TimeSpan.FromMilliseconds(1));
        host = host with { LossRatio = loss };
        return true;
    }

    /// <summary>Reads <c>250us</c>, <c>20ms</c> or <c>1.5s</c>.</summary>
    private static bool TryReadDelay(string text, out TimeSpan delay)
    {
        var unit = text switch
        {
            [.., 'u', 's'] => 1e-6,
            [.., 'm', 's'] => 1e-3,
            _ => 1.0,
        };
        var isNumber = double.TryParse(
            text.TrimEnd('u', 'm', 's'), NumberStyles.Float, CultureInfo.InvariantCulture, out var number);
        delay = isNumber ? TimeSpan.FromSeconds(number * unit) : default;
        return isNumber && text.EndsWith('s') && number >= 0 && delay < TimeSpan.FromHours(1);
    }

    private static void AwaitEnd()
    {
        using var end = new ManualResetEventSlim();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        if (new FileInfo("/proc/self/fd/0").LinkTarget?.StartsWith("pipe:", StringComparison.Ordinal) == true)
        {
            new Thread(() =>
            {
                while (Console.In.ReadLine() is not null)
                {
                }
                Stop();
            })
            { IsBackground = true }.Start();
        }
        end.Wait();

        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            Stop();
        }

        void Stop() => end.Set();
    }
}

/// <summary>What a simulated network has seen and done.</summary>
/// <param name="Requests">Echo requests read.</param>
/// <param name="Sent">Packets sent for them.</param>
/// <param name="Unanswered">Requests that the scenario left without an answer.</param>
/// <param name="Missing">Packets that the wire tap could not keep.</param>
/// <param name="LateUs">By how much packets were written too late.</param>
/// <param name="WireRttUs">The true round-trip times by the kernel's stamps.</param>
internal sealed record LabSummary(
    long Requests, int Sent, long Unanswered, long Missing, LabSummary.Spread? LateUs, LabSummary.Spread? WireRttUs)
{
    /// <summary>Sums a network up.</summary>
    public static LabSummary Of(SimulatedNetwork network) => new(
        network.Responder.Requests,
        network.Responder.Sent.Written.Length,
        network.Responder.Unanswered,
        network.Wire.Missing,
        Spread.Of([.. network.Responder.Sent.Written.ToArray().Select(answer => answer.Lateness)]),
        Spread.Of([.. WireExchange.Match(network.Wire.Packets).Where(exchange => exchange.Rtt is not null)
            .Select(exchange => exchange.Rtt!.Value)]));

    /// <summary>How durations spread, in microseconds.</summary>
    internal sealed record Spread(double Min, double P50, double P99, double Max)
    {
        /// <summary>Of durations in nanoseconds; null when there are none.</summary>
        public static Spread? Of(long[] nanoseconds)
        {
            Array.Sort(nanoseconds);
            return nanoseconds.Length == 0 ? null : new Spread(At(0), At(0.5), At(0.99), At(1));

            double At(double share) => nanoseconds[(int)(share * (nanoseconds.Length - 1))] / 1e3;
        }
    }
}
