using System.Globalization;
using System.Net;
using System.Text;
using Sonde.Cli;
using Sonde.Measurement;
using Sonde.Measurement.Dns;
using Sonde.Measurement.Http;
using Sonde.Measurement.Timing;
using Sonde.Targets;
using Spectre.Console;
using Xunit;

namespace Sonde.Tests.Cli;

/// <summary>The phases of HTTP and DNS probes, in the report and in the table.</summary>
public sealed class PingPhasesTests
{
    private readonly PingTarget _url = new(
        "https://a.test/", CheckKind.Http, new HttpTarget(new Uri("https://a.test/"), TimeSpan.FromSeconds(1)), null);

    private int _probes;

    [Fact]
    public void The_report_has_the_median_of_each_phase_and_null_where_there_was_none()
    {
        Answer(("connect", 100), ("tls", 4_000), ("processing", 12_000), ("transfer", 100));
        Answer(("connect", 100), ("tls", 4_000), ("processing", 12_000), ("transfer", 100));
        Answer(("connect", 900), ("tls", 4_000), ("processing", 12_000), ("transfer", 100));

        Assert.Contains(
            "'phasesMs':{'resolve':null,'connect':0.1,'tls':4,'processing':12,'transfer':0.1}}", Report(_url),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_lost_probe_counts_in_the_phases_that_it_came_through_and_its_words_are_told()
    {
        var findings = new HttpFindings(
            [new Finding("connect", "us", 500), new Finding("tls", "us", 0, LossReason.TlsCertificate)]);
        Take(ProbeResult.Lost(0, LossReason.TlsCertificate, "expired 3 days ago") with { Findings = findings });

        Assert.EndsWith(
            "'phasesMs':{'resolve':null,'connect':0.5,'tls':null,'processing':null,'transfer':null},"
            + "'latestLoss':'expired 3 days ago'}",
            Report(_url), StringComparison.Ordinal);
    }

    [Fact]
    public void The_address_of_a_URL_is_the_one_that_was_asked_first()
    {
        Assert.Null(_url.Address);

        var hops = new[] { Hop("127.0.0.1"), Hop("127.0.0.2") };
        Take(Answered() with { Findings = new HttpFindings([]) { Hops = hops } });

        Assert.Equal("127.0.0.1", _url.Address);
    }

    [Fact]
    public void A_query_over_UDP_is_one_phase()
    {
        var question = new DnsQuestion(DnsName.Root, DnsRecordType.NS);
        var target = new PingTarget(
            "dns://127.0.0.1/.", CheckKind.Dns,
            new DnsTarget(IPAddress.Loopback, TimeSpan.FromSeconds(1), question), null);

        var findings = new DnsFindings { Transport = DnsTransport.Udp, Request = TimeSpan.FromMilliseconds(2) };
        target.Take(0, Answered() with { Findings = findings }, isSuspect: false);

        Assert.EndsWith(
            "'phasesMs':{'truncated':null,'connect':null,'request':2}}", Report(target), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(72)]
    [InlineData(80)]
    [InlineData(110)]
    [InlineData(160)]
    [InlineData(220)]
    public void The_table_fits_its_width_and_no_name_breaks(int width)
    {
        var other = new PingTarget(
            $"https://a.test/{new string('b', 300)}", CheckKind.Http, _url.Probe, "the resolver does not answer");
        Answer(("resolve", 1_200), ("connect", 300), ("tls", 4_100), ("processing", 12_000), ("transfer", 100));
        Take(ProbeResult.Lost(0, LossReason.UnexpectedStatus, "status 503"));

        var lines = Draw(new PingTable([_url, other], width), width);

        Assert.All(lines, line => Assert.InRange(line.Length, 0, width));
        Assert.Equal(2, lines.Count(line => line.Contains("https://a.test/ ", StringComparison.Ordinal)));
        Assert.Contains(lines, line => line.Contains("status 503", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("12.00", StringComparison.Ordinal));
        Assert.InRange(lines.Count, 10, 14);
    }

    private static HttpHop Hop(string address) => new("https://a.test/", IPAddress.Parse(address), 200, default, []);

    private static ProbeResult Answered() => ProbeResult.Answered(0, new RoundTripTime(17_000_000));

    private void Answer(params (string Phase, long Microseconds)[] phases) => Take(Answered() with
    {
        Findings = new HttpFindings([.. phases.Select(phase => new Finding(phase.Phase, "us", phase.Microseconds))]),
    });

    private void Take(in ProbeResult result) => _url.Take(_probes++, result, isSuspect: false);

    /// <summary>The report, with single quotes for double ones.</summary>
    private static string Report(PingTarget target)
    {
        using var output = new MemoryStream();
        PingReport.WriteJson([target], output);
        return Encoding.UTF8.GetString(output.ToArray()).TrimEnd('\n').Replace('"', '\'');
    }

    private static List<string> Draw(PingTable table, int width)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = width;
        console.Write(table.Draw(isLive: true));
        return [.. output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }
}
