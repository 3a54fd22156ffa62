using System.Collections.Immutable;
using Sonde.Configuration;
using Sonde.Marks;
using Sonde.Measurement;
using Sonde.Targets;
using Sonde.Tests;

namespace Sonde.SystemTests.Browser;

/// <summary>A made-up network with everything that a page must be able to show; the same on every run.</summary>
internal static class SampleNetwork
{
    public static readonly DateTimeOffset Now = new(2026, 1, 15, 10, 30, 2, TimeSpan.Zero);

    public static SondeConfiguration Configuration { get; } = new()
    {
        Checks =
        [
            Check("Router", "192.168.1.1", "Home", "house", "lan"),
            Check("Modem", "192.168.100.1", "Home", "house", "lan"),
            Check("ISP gateway", "203.0.113.1", "Provider", "Zürich", "isp"),
            Check("ISP resolver", "203.0.113.53", "Provider", "Zürich", "isp", "dns"),
            Check(
                "Exchange point, second line over the southern backbone with a long name",
                "edge-02.exchange.example.net", "Provider", "Frankfurt", "isp", "transit"),
            Check("Old uplink", "198.51.100.9", "Provider", "Zürich", "isp"),
            Check("Frankfurt 1", "fra1.game.example", "Game servers", "Frankfurt", "eu"),
            Check("Frankfurt 2", "fra2.game.example", "Game servers", "Frankfurt", "eu"),
            Check("Virginia", "iad1.game.example:27015", "Game servers", "Ashburn", "us"),
            Check("Tokyo", "nrt1.game.example", "Game servers", "Tokyo", "asia") with { Family = FamilyChoice.Both },
            Check("New server", "new.game.example", "Game servers", "Tokyo", "asia"),
        ],
    };

    /// <summary>Fills the last hour.</summary>
    public static async Task FillAsync(RunningSite site, FixedTimeProvider clock)
    {
        var random = new Random(20260115);
        var end = Now.ToUnixTimeMilliseconds();
        for (var second = -3_600; second < 0; second++)
        {
            clock.Now = DateTimeOffset.FromUnixTimeMilliseconds(end + second * 1_000L + 500);
            foreach (var check in site.Configuration.Checks)
            {
                Measure(site, check, end, second, random);
            }
            if (second % 60 == 0)
            {
                site.Live.Tick();
            }
        }
        clock.Now = Now;
        site.Live.SetProblem(site.Configuration.Checks[^1].Id, "the name new.game.example cannot be resolved");
        var reload = new Mark(end - 6 * 60_000, MarkKind.Reloaded, null, "sonde.yaml was changed: 1 target more");
        await site.Store.AddMarkAsync(reload, default);
    }

    /// <summary>Many targets that differ in their numbers only.</summary>
    public static SondeConfiguration Many(int count) => new()
    {
        Checks = [.. Enumerable.Range(1, count).Select(number =>
            Check($"Host {number:000}", $"198.51.100.{number % 250 + 1}",
                $"Rack {(number - 1) / 25 + 1}", "hall", "server"))],
    };

    /// <summary>Five minutes of quiet answers for every check.</summary>
    public static void FillQuietly(RunningSite site, long end, int seconds = 300)
    {
        var random = new Random(1);
        foreach (var check in site.Configuration.Checks)
        {
            for (var at = end - seconds * 1_000L; at < end; at += 1_000)
            {
                site.Measure(check, at, 8_000 + random.Next(4_000));
            }
        }
    }

    private static Check Check(string name, string address, string group, string region,
        params ImmutableArray<string> tags)
    {
        var colon = address.IndexOf(':', StringComparison.Ordinal);
        var kind = colon < 0 ? CheckKind.Icmp : CheckKind.Tcp;
        return new Check
        {
            Id = CheckId.FromName(kind, name.Split(',')[0]),
            Name = name,
            Kind = kind,
            Host = colon < 0 ? address : address[..colon],
            Port = colon < 0 ? null
                : int.Parse(address[(colon + 1)..], System.Globalization.CultureInfo.InvariantCulture),
            Group = group,
            Region = region,
            Tags = tags,
        };
    }

    private static void Measure(RunningSite site, Check check, long end, int second, Random random)
    {
        var (middle, spread) = check.Name switch
        {
            "Router" => (420, 60),
            "Modem" => (1_100, 200),
            "ISP gateway" => (7_800, 900),
            "ISP resolver" => (8_900, 1_100),
            "Frankfurt 1" => (17_400, 500),
            "Frankfurt 2" => (18_100, 7_000),
            "Virginia" => (96_300, 1_500),
            "Tokyo" => (241_000, 4_000),
            _ => (12_600, 1_800),
        };
        var at = end + second * 1_000L + random.Next(20);
        if (check.Name == "New server" || (check.Name == "Tokyo" && second is > -200 and < -140))
        {
            return;   // never measured; a gap
        }
        var peak = random.Next(40) == 0 ? random.Next(spread * 6) : 0;
        var rtt = middle + (long)(spread * (random.NextDouble() + random.NextDouble() - 1)) + peak;
        var isBusy = check.Name == "ISP gateway" && second is > -520 and < -380;
        var loss = check.Name switch
        {
            "Old uplink" when second > -170 => LossReason.HostUnreachable,
            "Frankfurt 2" when second is > -280 and < -10 && random.Next(11) == 0 => LossReason.Timeout,
            "ISP gateway" when isBusy && random.Next(9) == 0 => LossReason.Timeout,
            "ISP gateway" when second == -777 => LossReason.HostUnreachable,
            _ => LossReason.None,
        };
        var isSuspect = check.Name is "ISP gateway" or "Modem" && second is > -130 and < -118;
        rtt += isBusy ? random.Next(24_000) : 0;
        rtt += isSuspect ? 6_000 : 0;
        site.Measure(check, at, loss == LossReason.None ? rtt : null, loss, isSuspect);
        if (check.Family == FamilyChoice.Both)
        {
            site.Measure(check, at, rtt - 9_000 + random.Next(3_000), LossReason.None, family: 6);
        }
    }
}
