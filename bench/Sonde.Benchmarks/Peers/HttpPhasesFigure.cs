using System.Net;
using Sonde.Measurement.Http;
using Sonde.Measurement.Tls;

namespace Sonde.Benchmarks.Peers;

/// <summary>
/// Whether the phases of HTTP say what they mean: their sum is the whole, and 50 ms in one phase stand in that one.
/// </summary>
internal sealed class HttpPhasesFigure : IFigure
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(50);

    /// <inheritdoc/>
    public string Name => "http-phases";

    /// <inheritdoc/>
    public string? Program => null;

    /// <inheritdoc/>
    public IReadOnlyList<FigureRow> Run(FigureSettings settings)
    {
        var count = settings.Targets(100);
        Worst gap = new();
        List<FigureRow> rows = [];
        foreach (var phase in Enum.GetValues<HttpPhase>())
        {
            var error = Measure(phase, count, gap);
            rows.Add(FigureRow.Alone(
                $"HTTP: {phase.ToString().ToLowerInvariant()} against a delay of 50 ms in it: median error",
                FigureRow.Text(error, "0.000 ms"), "± 1 ms", Math.Abs(error) <= 1));
        }
        rows.Add(FigureRow.Alone(
            "HTTP: sum of the phases against the whole: worst of all probes", FigureRow.Text(gap.Milliseconds, "0.0000 ms"),
            "≤ 1 ms", gap.Milliseconds <= 1));
        return rows;
    }

    /// <summary>By how much the phase grows over 50 ms when 50 ms are added to it, in milliseconds.</summary>
    private static double Measure(HttpPhase phase, int count, Worst gap)
    {
        var isConnect = phase == HttpPhase.Connect;
        using var way = isConnect ? new DelayedConnects(Delay) : null;
        using DelayingHttpServer server = new(
            isConnect ? DelayedConnects.Near : IPAddress.Loopback, Delay, isTls: phase == HttpPhase.Tls);
        using ExactDelay resolving = new(Delay);
        var isDelayed = false;
        using HttpProbeLoop loop = new((_, _, _) => Task.Run<IPAddress[]>(() =>
        {
            if (isDelayed && phase == HttpPhase.Resolve)
            {
                resolving.Wait();
            }
            return [isConnect ? DelayedConnects.Far : IPAddress.Loopback];
        }));
        var scheme = phase == HttpPhase.Tls ? "https" : "http";
        HttpTarget target = new(new Uri($"{scheme}://delay.test:{server.Port}/"), TimeSpan.FromSeconds(5))
        {
            Tls = new TlsSettings("delay.test", verify: false),
        };
        _ = Median(loop, target, phase, count, new Worst());
        var without = Median(loop, target, phase, count, gap);
        isDelayed = true;
        server.Delayed = phase;
        way?.IsOn = true;
        return Median(loop, target, phase, count, gap) - without - Delay.TotalMilliseconds;
    }

    private static double Median(HttpProbeLoop loop, HttpTarget target, HttpPhase phase, int count, Worst gap) =>
        Spread.Median(loop.RunEach(target, count).Select(result =>
        {
            var phases = result.Findings is HttpFindings found && result.IsAnswered
                ? found.Phases
                : throw new InvalidOperationException($"not answered: {result.Loss} {result.Detail}");
            gap.Milliseconds = Math.Max(
                gap.Milliseconds, Math.Abs(result.Rtt.Milliseconds - phases.Sum.TotalMilliseconds));
            return (phase switch
            {
                HttpPhase.Resolve => phases.Resolve,
                HttpPhase.Connect => phases.Connect,
                HttpPhase.Tls => phases.Tls,
                HttpPhase.Processing => phases.Processing,
                _ => phases.Transfer,
            }).TotalMilliseconds;
        }));

    private sealed class Worst
    {
        public double Milliseconds { get; set; }
    }
}
