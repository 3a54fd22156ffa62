using Sonde.Samples;

namespace Sonde.Benchmarks.Peers;

/// <summary>When the executable really sends the echo requests of a check each second: some milliseconds off.</summary>
internal sealed class SecondSlips(FigureSettings settings)
{
    private const int Targets = 50;
    private readonly Lazy<List<long[]>> _recorded = new(() => Record(settings));
    private int _next;

    /// <summary>The trace as if its samples had been sent so.</summary>
    public Sample[] Send(Sample[] trace)
    {
        var slips = _recorded.Value[_next++ % _recorded.Value.Count];
        var start = trace[0].SentAtMilliseconds / 1_000 * 1_000;
        return [.. trace.Select((sample, place) => sample with
        {
            SentAtMilliseconds = start + (1_000L * place) + slips[place % slips.Length],
        })];
    }

    // the difference of each time of sending to a second each after the first one
    private static List<long[]> Record(FigureSettings settings)
    {
        using var run = new SondeRun(settings, LoopbackTargets.Take(Targets), TimeSpan.FromSeconds(1));
        run.Program.RunFor(settings.Seconds(120));
        return [.. run.StopAndExport().GroupBy(sample => sample.Check).Select(check =>
        {
            var times = check.Select(sample => sample.SentAtMs).Skip(1).ToArray();
            return times.Select((time, place) => time - times[0] - (1_000L * place)).ToArray();
        })];
    }
}
