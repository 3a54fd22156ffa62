using Sonde.Cli;
using Sonde.Measurement;
using Sonde.Samples;
using Xunit;

namespace Sonde.Tests.Cli;

public sealed class RoundLinesTests
{
    private readonly SeriesCatalog _catalog = new();
    private readonly SeriesHandle _series;
    private readonly List<string> _lines = [];
    private readonly RoundLines _rounds;

    public RoundLinesTests()
    {
        _series = _catalog.GetOrAdd(Given.Series("router"));
        _rounds = new RoundLines(_catalog, key => $"the {key.Check}", _lines.Add);
    }

    [Fact]
    public void A_round_that_was_answered_has_its_times()
    {
        _rounds.Take(
            [Answered(2, 4_500), Answered(0, 1_000) with { Duplicates = 2 }, Answered(1, 2_000)],
            [Round(sent: 3, lost: 0)]);

        Assert.Equal(
            "the router                    avg     2.500 ms  best     1.000  worst     4.500  loss   0 %  dup 2  jitter 1.750",
            Line());
    }

    [Fact]
    public void A_round_that_lost_something_says_why_each_reason_once()
    {
        _rounds.Take(
            [Answered(0, 1_000), Lost(1, LossReason.Timeout), Lost(2, LossReason.Timeout), Lost(3, LossReason.Prohibited)],
            [Round(sent: 4, lost: 3)]);

        Assert.Equal(
            "the router                    avg     1.000 ms  best     1.000  worst     1.000  loss  75 %  dup 0  jitter –"
            + "  no answer in time, a firewall refused it",
            Line());
    }

    [Fact]
    public void Jitter_is_of_neighbours_only()
    {
        _rounds.Take([Answered(0, 1_000), Answered(2, 9_000), Answered(3, 9_100)], [Round(sent: 4, lost: 1)]);

        Assert.Contains("jitter 0.100", Line());
    }

    [Fact]
    public void A_round_that_was_lost_whole_has_no_times()
    {
        _rounds.Take([Lost(0, LossReason.HostUnreachable)], [Round(sent: 1, lost: 1)]);

        Assert.Equal("the router                    loss 100 %  the last router cannot reach the host", Line());
    }

    [Fact]
    public void A_round_that_was_not_sent_is_no_loss()
    {
        _rounds.Take([], [Round(sent: 0, lost: 0, notSent: 2)]);

        Assert.Equal("the router                    not sent", Line());
    }

    [Fact]
    public void Samples_of_a_round_may_come_before_its_end()
    {
        _rounds.Take([Answered(0, 1_000)], []);
        Assert.Empty(_lines);
        _rounds.Take([Answered(1, 3_000)], [Round(sent: 2, lost: 0)]);

        Assert.Contains("avg     2.000 ms", Line());
        Assert.Equal(0, _rounds.Waiting);
    }

    [Fact]
    public void Rounds_that_never_end_do_not_stay_for_ever()
    {
        for (var round = 0; round < 100_000; round++)
        {
            _rounds.Take([Given.Sample(_series, round)], []); // a second apart
        }

        Assert.InRange(_rounds.Waiting, 300, 2_000);
    }

    [Fact]
    public void Rounds_under_way_are_never_forgotten_however_many()
    {
        for (var round = 0; round < 20_000; round++)
        {
            _rounds.Take([Answered(0, 1_000) with { Round = round }], []);
        }

        Assert.Equal(20_000, _rounds.Waiting);
    }

    private string Line()
    {
        var line = Assert.Single(_lines);
        Assert.Matches("^[0-2][0-9]:[0-5][0-9]:[0-5][0-9]  ", line);
        return line[10..];
    }

    private Sample Answered(ushort index, long microseconds) => Given.Sample(_series, 7, index, microseconds);

    private Sample Lost(ushort index, LossReason reason) => Given.Sample(_series, 7, index, 0) with { Loss = reason };

    private Round Round(int sent, int lost, int notSent = 0) => new(_series, 7, Given.Start, sent, lost, notSent);
}
