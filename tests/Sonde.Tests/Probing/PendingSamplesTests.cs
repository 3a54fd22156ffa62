using Sonde.Probing;
using Sonde.Samples;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Probing;

public sealed class PendingSamplesTests
{
    private readonly PendingSamples _pending = new();
    private const long Now = 2_000;
    private readonly CheckRun _run = new(Checks.Icmp("a"), FamilyChoice.Auto, new SeriesHandle(5), 1, 0);

    [Fact]
    public void A_ticket_finds_its_probe()
    {
        var ticket = _pending.Add(_run, 17, 3);

        Assert.True(_pending.Holds(ticket));
        var place = _pending[ticket];
        Assert.Equal((_run, 17L, (ushort)3, new SeriesHandle(5)), (place.Run, place.Round, place.Index, place.Series));
    }

    [Fact]
    public void A_ticket_of_an_earlier_use_of_the_place_is_known_as_such()
    {
        var first = _pending.Add(_run, 1, 0);
        _pending.Remove((int)first);
        var freed = _pending.Holds(first);
        var second = _pending.Add(_run, 2, 0);

        Assert.Equal((int)first, (int)second);
        Assert.False(freed);
        Assert.False(_pending.Holds(first));
        Assert.True(_pending.Holds(second));
    }

    [Fact]
    public void A_used_place_begins_without_duplicates()
    {
        var first = _pending.Add(_run, 1, 0);
        _pending[first].Duplicates = 9;
        _pending.Remove((int)first);

        Assert.Equal(0, _pending[_pending.Add(_run, 2, 0)].Duplicates);
    }

    [Fact]
    public void Any_number_of_probes_is_under_way_at_once()
    {
        var tickets = Enumerable.Range(0, 1_000).Select(round => _pending.Add(_run, round, 0)).ToList();

        Assert.Equal(1_000, _pending.Count);
        Assert.All(tickets, ticket => Assert.True(_pending.Holds(ticket)));
        Assert.Equal(Enumerable.Range(0, 1_000).Select(round => (long)round), tickets.Select(ticket => _pending[ticket].Round));
    }

    [Fact]
    public void An_answered_probe_is_held_back_for_its_duplicates()
    {
        var ticket = _pending.Add(_run, 1, 0);

        _pending.HoldBack(ticket, answeredAt: 1_000, Now);

        Assert.Equal(1_000 + PendingSamples.Linger, _pending.NextDue);
        Assert.Null(_pending.TakeDue(999 + PendingSamples.Linger));
        Assert.True(_pending.Holds(ticket));
        Assert.Equal((int)ticket, _pending.TakeDue(1_000 + PendingSamples.Linger));
        Assert.Null(_pending.TakeDue(long.MaxValue));
        Assert.Equal(long.MaxValue, _pending.NextDue);
    }

    [Fact]
    public void An_answer_that_a_step_of_the_clock_has_put_into_the_future_holds_up_nobody()
    {
        var hour = 3_600_000_000_000L;
        var stepped = _pending.Add(_run, 1, 0);
        var next = _pending.Add(_run, 2, 0);

        _pending.HoldBack(stepped, answeredAt: Now + hour, Now);
        _pending.HoldBack(next, answeredAt: Now, Now);

        Assert.Equal((int)stepped, _pending.TakeDue(Now + PendingSamples.Linger));
        Assert.Equal((int)next, _pending.TakeDue(Now + PendingSamples.Linger));
    }

    [Fact]
    public void A_probe_belongs_to_the_series_with_which_its_round_began()
    {
        _run.Open(0);
        _run.Series = new SeriesHandle(6);

        Assert.Equal(new SeriesHandle(5), _pending[_pending.Add(_run, 1, 1)].Series);
        _run.Open(0);
        Assert.Equal(new SeriesHandle(6), _pending[_pending.Add(_run, 2, 0)].Series);
    }
}
