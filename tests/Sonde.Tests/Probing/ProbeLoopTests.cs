using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Sonde.Measurement;
using Sonde.Measurement.Timing;
using Sonde.Probing;
using Sonde.Samples;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Probing;

/// <summary>The measuring thread at work on this machine itself.</summary>
public sealed class ProbeLoopTests : IDisposable
{
    private static readonly Check Loopback = Checks.Icmp("loopback") with
    {
        Host = "127.0.0.1",
        Interval = TimeSpan.FromMilliseconds(100),
        Packets = 2,
    };

    private readonly GatheringSink _sink = new();
    private readonly SeriesCatalog _catalog = new();
    private readonly SamplePipeline _pipeline;
    private readonly ProbingChecks _checks;
    private readonly ProbeLoop _loop;
    private readonly Thread _thread;
    private readonly TaskCompletionSource<Round> _firstRound = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string?> _problem = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ProbeLoopTests()
    {
        var clock = new MeasurementClock();
        var schedule = new RoundSchedule();
        _pipeline = new SamplePipeline([_sink], TimeProvider.System, NullLogger<SamplePipeline>.Instance);
        _checks = new ProbingChecks(clock, schedule, _catalog, "local", 1, _ => { });
        _loop = new ProbeLoop(
            clock, observer => new ProbeKinds(clock, observer), schedule, _catalog, _pipeline, _ => { })
        {
            RoundEnded = (_, round) => _firstRound.TrySetResult(round),
            ProblemChanged = (_, problem) => _problem.TrySetResult(problem),
        };
        _thread = new Thread(_loop.Run) { IsBackground = true };
        _thread.Start();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _loop.Stop();
        _thread.Join();
        _loop.Dispose();
        _pipeline.Dispose();
    }

    [Fact]
    public async Task Commands_are_done_in_order_on_the_measuring_thread()
    {
        var done = new TaskCompletionSource<IReadOnlyList<Thread>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var threads = new List<Thread>();

        _loop.Post(() => threads.Add(Thread.CurrentThread));
        _loop.Post(() => done.SetResult([.. threads, Thread.CurrentThread]));

        Assert.Equal([_thread, _thread], await done.Task.WaitAsync(Token));
    }

    [Fact]
    public void Stop_ends_it()
    {
        _loop.Stop();

        Assert.True(_thread.Join(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task An_echo_round_is_published_with_its_samples()
    {
        _loop.Post(() => _checks.Apply([Loopback]));

        var round = await _firstRound.Task.WaitAsync(Token);
        Stop();

        Assert.SkipWhen(_loop.IcmpProblem is not null, "ICMP is not permitted here");
        Assert.Equal((1L, 2, 0, 0), (round.Number, round.Sent, round.Lost, round.NotSent));
        Assert.Contains(round, _sink.Rounds);
        var samples = _sink.Samples.Where(sample => sample.Round == 1).OrderBy(sample => sample.Index).ToList();
        Assert.Equal([0, 1], samples.Select(sample => (int)sample.Index));
        Assert.All(samples, sample => Assert.False(sample.IsLost));
        Assert.InRange(samples[1].SentAtMilliseconds - samples[0].SentAtMilliseconds, 1, 10_000);
        Assert.Null(await _problem.Task.WaitAsync(Token));
    }

    [Fact]
    public async Task A_refused_connection_is_a_sample_with_its_reason()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        _loop.Post(() => _checks.Apply([Loopback with { Kind = CheckKind.Tcp, Port = port, Packets = 1 }]));

        var round = await _firstRound.Task.WaitAsync(Token);
        Stop();

        Assert.True(round.IsLostWhole);
        Assert.Equal(LossReason.Refused, _sink.Samples[0].Loss);
    }

    [Fact]
    public async Task Before_its_name_is_resolved_a_check_leaves_a_gap_and_says_why()
    {
        _loop.Post(() => _checks.Apply([Loopback with { Host = "name.example" }]));

        var round = await _firstRound.Task.WaitAsync(Token);
        var problem = await _problem.Task.WaitAsync(Token);
        Stop();

        Assert.Equal((0, 0, 2), (round.Sent, round.Lost, round.NotSent));
        Assert.Equal("the resolver has not answered yet", problem);
        Assert.Empty(_sink.Samples);
        Assert.True(_loop.Counters.NotSent >= 2);
    }

    [Fact]
    public async Task A_name_that_does_not_exist_is_lost()
    {
        _loop.Post(() =>
        {
            _checks.Apply([Loopback with { Host = "name.example" }]);
            _checks.TakeName("name.example", new ResolvedName([], "the name name.example does not exist"));
        });

        var round = await _firstRound.Task.WaitAsync(Token);
        Stop();

        Assert.True(round.IsLostWhole);
        Assert.All(_sink.Samples, sample => Assert.Equal(LossReason.NameNotFound, sample.Loss));
        Assert.NotEmpty(_sink.Samples);
    }

    [Fact]
    public async Task A_check_that_is_taken_away_in_the_middle_of_a_round_has_what_it_sent_settled_and_no_more()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var spoken = Loopback with
        {
            Kind = CheckKind.Tcp,
            Port = ((IPEndPoint)listener.LocalEndpoint).Port,
            Packets = 60,
            Interval = TimeSpan.FromHours(1),
            Timeout = TimeSpan.FromSeconds(20),
            Dialogue = new TcpDialogue(false, new TlsTrust(), [new TcpDialogueStep("hello", null)]),
        };
        _loop.Post(() => _checks.Apply([spoken]));

        using var connection = await listener.AcceptTcpClientAsync(Token); // the first probe is under way
        var begun = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.Post(() =>
        {
            TakeAllAway();
            begun.SetResult(_loop.Counters.Probes);
        });
        var sent = await begun.Task.WaitAsync(Token);
        Assert.False(_firstRound.Task.IsCompleted);
        await connection.GetStream().WriteAsync("hello\r\n"u8.ToArray(), Token);
        var round = await _firstRound.Task.WaitAsync(Token);
        var underWay = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.Post(() => underWay.SetResult(_loop.UnderWay));

        Assert.Equal(0, await underWay.Task.WaitAsync(Token));
        Stop();
        Assert.Equal(sent, _loop.Counters.Probes);
        Assert.Equal(sent, round.Sent + round.NotSent);
        Assert.Equal((1L, 1, 0), (round.Number, round.Sent, round.Lost));
        Assert.Equal([1L], _sink.Samples.Select(sample => sample.Round));
        Assert.Equal([round], _sink.Rounds);
        Assert.False(_problem.Task.IsCompleted); // nobody asks any more
    }

    [Fact]
    public async Task A_check_that_is_taken_away_when_all_it_sent_has_ended_ends_its_round_at_once()
    {
        var longRound = Loopback with { Host = "name.example", Interval = TimeSpan.FromHours(1), Packets = 60 };
        var after = longRound with { Id = CheckId.Parse("icmp-after"), Packets = 1 };
        _loop.RoundEnded = (run, round) =>
        {
            if (run.Check.Id == after.Id)
            {
                _loop.Post(TakeAllAway); // the first probe of the long round was begun before
            }
            else
            {
                _firstRound.TrySetResult(round);
            }
        };
        _loop.Post(() =>
        {
            _checks.Apply([longRound, after]);
            _checks.TakeName("name.example", new ResolvedName([], "the name name.example does not exist"));
        });

        var round = await _firstRound.Task.WaitAsync(Token);
        Stop();

        Assert.Equal((1L, 1, 1, 0), (round.Number, round.Sent, round.Lost, round.NotSent));
        Assert.Equal(0, _loop.UnderWay);
        Assert.Equal(2, _sink.Samples.Count);
        Assert.Contains(round, _sink.Rounds);
    }

    [Fact]
    public async Task Rounds_that_fall_due_while_the_probe_before_still_runs_are_skipped_and_hide_no_outage()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var hanging = Loopback with
        {
            Kind = CheckKind.Tcp,
            Port = ((IPEndPoint)silent.LocalEndpoint).Port,
            Packets = 1,
            Timeout = TimeSpan.FromMilliseconds(350),
            Dialogue = new TcpDialogue(false, new TlsTrust(), [new TcpDialogueStep("hello", null)]),
        };
        List<Round> rounds = [];
        TaskCompletionSource third = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.RoundEnded = (_, round) =>
        {
            rounds.Add(round);
            if (rounds.Count == 3)
            {
                third.SetResult();
            }
        };
        _loop.Post(() => _checks.Apply([hanging]));

        await third.Task.WaitAsync(Token);
        Stop();

        Assert.All(rounds, round => Assert.True(round.IsLostWhole));
        Assert.True(_loop.Counters.MissedRounds >= 4, $"{_loop.Counters.MissedRounds} rounds missed");
        Assert.True(rounds.Sum(round => round.MissedBefore) >= 4, "the rounds that ended tell of those that were missed");
    }

    private void TakeAllAway()
    {
        foreach (var gone in _checks.Apply([]))
        {
            _loop.CutOff(gone);
        }
    }

    [Fact]
    public async Task A_name_without_an_address_of_the_family_is_a_gap_and_no_loss()
    {
        _loop.Post(() =>
        {
            _checks.Apply([Loopback with { Host = "name.example", Family = FamilyChoice.Six }]);
            _checks.TakeName("name.example", new ResolvedName([IPAddress.Loopback], null));
        });

        var round = await _firstRound.Task.WaitAsync(Token);
        var problem = await _problem.Task.WaitAsync(Token);
        Stop();

        Assert.Equal((0, 0, 2), (round.Sent, round.Lost, round.NotSent));
        Assert.Equal("name.example has no IPv6 address", problem);
        Assert.Empty(_sink.Samples);
    }

    [Fact]
    public async Task An_answer_that_comes_late_is_counted_for_its_check()
    {
        var run = new TaskCompletionSource<CheckRun>(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.Post(() =>
        {
            _checks.Apply([Loopback]);
            run.SetResult(_checks.All.Single());
        });
        var target = (await run.Task.WaitAsync(Token)).Target!;

        _loop.Post(() => _loop.CameLate(0, target));
        await _firstRound.Task.WaitAsync(Token);
        Stop();

        Assert.Equal(1, (await run.Task).LateAnswers);
        Assert.Equal(1, _loop.Counters.Late);
        Assert.Equal(1, _sink.Rounds.Sum(round => round.LateAnswers));
    }

    private void Stop()
    {
        _loop.Stop();
        _thread.Join();
        _pipeline.Drain();
    }
}
