using Microsoft.Extensions.Logging.Abstractions;
using Sonde.Push;
using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.Tests.Push;

/// <summary>Push checks whose time passes when the test says so, looked at every second as in a run.</summary>
internal sealed class PushLab : IDisposable
{
    public const string Token = "backup-token-4711";

    private readonly ManualTimeProvider _time = new();
    private readonly SamplePipeline _pipeline;
    private readonly GatheringSink _sink = new();

    public PushLab(params Check[] checks)
    {
        _pipeline = new SamplePipeline([_sink, Live(checks)], _time, NullLogger<SamplePipeline>.Instance);
        Push = new PushChecks(RunNumber.FirstRound(7), "local", Catalog, _pipeline, _time)
        {
            LossTold = (_, loss) => Told.Add(loss),
        };
        Push.Apply(checks);
    }

    public SeriesCatalog Catalog { get; } = new();

    public PushChecks Push { get; }

    public LiveChecks Board { get; private set; } = null!;

    public List<ToldLoss> Told { get; } = [];

    public long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>What has come through the pipeline.</summary>
    public List<Sample> Samples
    {
        get
        {
            _pipeline.Drain();
            return _sink.Samples;
        }
    }

    public List<Round> Rounds
    {
        get
        {
            _pipeline.Drain();
            return _sink.Rounds;
        }
    }

    public static Check Hourly(TimeSpan grace = default, string token = Token) =>
        Checks.Push("backup", token, TimeSpan.FromHours(1), grace);

    public PushAnswer Start() => Push.Take(Token, new PushCall(PushEvent.Started));

    public PushAnswer Succeed(TimeSpan? duration = null) =>
        Push.Take(Token, new PushCall(PushEvent.Succeeded, duration));

    public PushAnswer Fail(string? words = null) => Push.Take(Token, new PushCall(PushEvent.Failed, null, words));

    /// <summary>Lets time pass while the program runs.</summary>
    public void Pass(TimeSpan span)
    {
        for (var passed = TimeSpan.Zero; passed < span; passed += TimeSpan.FromSeconds(1))
        {
            var rest = span - passed;
            _time.Advance(rest < TimeSpan.FromSeconds(1) ? rest : TimeSpan.FromSeconds(1));
            Push.Tick();
        }
    }

    /// <summary>Lets time pass while the program is stopped.</summary>
    public void Stop(TimeSpan span) => _time.Advance(span);

    public void Dispose() => _pipeline.Dispose();

    private LiveChecks Live(Check[] checks)
    {
        Board = new LiveChecks(Catalog, _time);
        Board.SetChecks(checks);
        return Board;
    }
}
