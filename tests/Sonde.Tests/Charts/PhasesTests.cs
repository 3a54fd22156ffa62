using System.Net;
using System.Text.Json;
using Sonde.Charts;
using Sonde.Measurement;
using Sonde.Samples;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Charts;

/// <summary>What the API and the page tell of an HTTP check's phases, certificate and last loss.</summary>
public sealed class PhasesTests
{
    private const string Evil = "<script>alert(1)</script>";

    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private static readonly Check Web = Checks.Icmp("web") with
    {
        Kind = CheckKind.Http,
        Url = new Uri("https://192.0.2.1/"),
        Http = new HttpSettings(),
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Phases_are_told_in_the_order_of_the_probe_with_their_losses()
    {
        await using var site = await StartAsync();

        var phases = (await GetAsync(site, "/api/v1/targets/icmp-web")).GetProperty("phases").EnumerateArray().ToList();

        Assert.Equal(["connect", "tls", "transfer"], phases.Select(phase => phase.GetProperty("phase").GetString()));
        var (connect, tls, transfer) = (phases[0], phases[1], phases[2]);
        Assert.Equal((4, 2.0, 2, 0), (connect.GetProperty("family").GetInt32(), connect.GetProperty("lastMs").GetDouble(),
            connect.GetProperty("sent").GetInt32(), connect.GetProperty("lost").GetInt32()));
        Assert.Equal(("tlsHandshake", 2, 1, "tlsHandshake"), (tls.GetProperty("lastLoss").GetString(),
            tls.GetProperty("sent").GetInt32(), tls.GetProperty("lost").GetInt32(),
            tls.GetProperty("losses")[0].GetProperty("reason").GetString()));
        Assert.Equal(JsonValueKind.Null, tls.GetProperty("lastMs").ValueKind);
        Assert.Equal(4.0, tls.GetProperty("medianMs").GetDouble());
        Assert.Equal(4.0, tls.GetProperty("p95Ms").GetDouble());
    }

    [Fact]
    public async Task The_last_time_of_a_phase_that_the_newest_probe_did_not_reach_is_not_shown()
    {
        await using var site = await StartAsync();

        var transfer = (await GetAsync(site, "/api/v1/targets/icmp-web")).GetProperty("phases")[2];

        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null),
            (transfer.GetProperty("lastMs").ValueKind, transfer.GetProperty("lastLoss").ValueKind));
        Assert.Equal(1.0, transfer.GetProperty("medianMs").GetDouble());
    }

    [Fact]
    public async Task The_certificates_expiry_and_the_last_loss_are_told()
    {
        await using var site = await StartAsync();
        site.Live.SetLastLoss(Web.Id,
            new ToldLoss(Now.ToUnixTimeMilliseconds() - 1_000, LossReason.TlsHandshake, "the server spoke no TLS"));

        var details = await GetAsync(site, "/api/v1/targets/icmp-web");
        var page = await site.Client.GetStringAsync("/targets/icmp-web", Token);

        Assert.Equal(Now.AddDays(20), details.GetProperty("certificateExpiresAt").GetDateTimeOffset());
        var loss = details.GetProperty("lastLoss");
        Assert.Equal((Now.AddSeconds(-1), "tlsHandshake", "the server spoke no TLS"),
            (loss.GetProperty("at").GetDateTimeOffset(), loss.GetProperty("reason").GetString(),
                loss.GetProperty("detail").GetString()));
        Assert.Contains("certificate soon\"", page, StringComparison.Ordinal);
        Assert.Contains("certificate expires in 20 days (2026-12-11)", page, StringComparison.Ordinal);
        Assert.Contains(": the server spoke no TLS", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_draws_the_medians_and_says_what_was_lost_in_which_phase()
    {
        await using var site = await StartAsync();

        var page = await site.Client.GetStringAsync("/targets/icmp-web", Token);

        Assert.Contains("data-phase=\"4/tls/last\">lost<", page, StringComparison.Ordinal);
        Assert.Contains("data-phase=\"4/tls/lost\">1 tlsHandshake<", page, StringComparison.Ordinal);
        Assert.Contains("data-phase=\"4/transfer/last\">–<", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.Contains("data-phase-sum=\"4\">7.00<", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_without_phases_has_none()
    {
        await using var site = await RunningSite.StartAsync(Checks.Configuration(Web), new FixedTimeProvider(Now));

        var details = await GetAsync(site, "/api/v1/targets/icmp-web");
        var page = await site.Client.GetStringAsync("/targets/icmp-web", Token);

        Assert.Equal(0, details.GetProperty("phases").GetArrayLength());
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null),
            (details.GetProperty("certificateExpiresAt").ValueKind, details.GetProperty("lastLoss").ValueKind));
        Assert.DoesNotContain("phase-bar", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_without_end_and_one_that_has_expired_are_told()
    {
        await using var site = await StartAsync();
        var at = Now.ToUnixTimeMilliseconds() - 400;
        var never = new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero);

        site.Find(Web, at, new("certificate", "s"), never.ToUnixTimeSeconds() - Now.ToUnixTimeSeconds() + 1);
        var endless = (await GetAsync(site, "/api/v1/targets/icmp-web")).GetProperty("certificateExpiresAt");
        site.Find(Web, at, new("certificate", "s"), -60);
        var expired = (await GetAsync(site, "/api/v1/targets/icmp-web")).GetProperty("certificateExpiresAt");

        Assert.Equal(never, endless.GetDateTimeOffset());
        Assert.Equal(Now.AddSeconds(-60), expired.GetDateTimeOffset());
    }

    [Fact]
    public async Task Samples_of_a_phase_come_when_it_is_asked_for()
    {
        await using var site = await StartAsync();

        var chart = await GetAsync(site, "/api/v1/targets/icmp-web/samples?quantity=tls");
        var ofRtt = await GetAsync(site, "/api/v1/targets/icmp-web/samples");
        using var wrong = await site.Client.GetAsync("/api/v1/targets/icmp-web/samples?quantity=certificate", Token);

        Assert.Equal(("tls", "rtt"), (chart.GetProperty("quantity").GetString(), ofRtt.GetProperty("quantity").GetString()));
        var series = Assert.Single(chart.GetProperty("series").EnumerateArray());
        Assert.Equal([4.0, null], series.GetProperty("rttMs").EnumerateArray()
            .Select(time => time.ValueKind == JsonValueKind.Null ? (double?)null : time.GetDouble()));
        Assert.Equal([null, "tlsHandshake"], series.GetProperty("loss").EnumerateArray().Select(loss => loss.GetString()));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Contains("rtt, tls, connect, transfer", await wrong.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_loss_says_is_encoded()
    {
        await using var site = await StartAsync();
        site.Live.SetLastLoss(Web.Id, new ToldLoss(Now.ToUnixTimeMilliseconds(), LossReason.Unspecified, Evil));

        var page = await site.Client.GetStringAsync("/targets/icmp-web", Token);

        Assert.DoesNotContain(Evil, page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("alert(1)", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_bar_has_the_medians_as_shares_and_nothing_for_a_phase_without()
    {
        PhaseSummary[] phases = [Phase("connect", 1), Phase("tls", null), Phase("transfer", 3)];

        var parts = PhaseBar.Of(phases, longestMs: 8).Select(part => (part.Start, part.Width));

        Assert.Equal([(0, 125), (125, 0), (125, 375)], parts);
        Assert.Equal(4, PhaseBar.SumMs(phases));
        Assert.Null(PhaseBar.SumMs([Phase("connect", null)]));
        Assert.All(PhaseBar.Of([Phase("connect", 0)], 0), part => Assert.Equal(0, part.Width));
    }

    private static PhaseSummary Phase(string word, double? median) =>
        new() { Phase = word, Family = 4, MedianMs = median, Sent = 1, Lost = 0, Losses = [] };

    /// <summary>A probe that came through, and one that was lost in the handshake.</summary>
    private static async Task<RunningSite> StartAsync()
    {
        var site = await RunningSite.StartAsync(Checks.Configuration(Web), new FixedTimeProvider(Now));
        var at = Now.ToUnixTimeMilliseconds() - 2_000;
        site.Measure(Web, at, 7_000);
        site.Find(Web, at, new("tls", "us"), 4_000);
        site.Find(Web, at, new("connect", "us"), 2_000);
        site.Find(Web, at, new("transfer", "us"), 1_000);
        site.Measure(Web, at + 1_000, null, LossReason.TlsHandshake);
        site.Find(Web, at + 1_000, new("connect", "us"), 2_000);
        site.Find(Web, at + 1_000, new("tls", "us"), null, LossReason.TlsHandshake);
        site.Find(Web, at + 1_000, new("certificate", "s"), 20 * 86_400 + 1);
        return site;
    }

    private static async Task<JsonElement> GetAsync(RunningSite site, string path) =>
        JsonDocument.Parse(await site.Client.GetStringAsync(path, Token)).RootElement;
}
