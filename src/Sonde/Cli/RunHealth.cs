using Sonde.Configuration;
using Sonde.Probing;
using Sonde.Samples;
using Sonde.Self;
using Problem = Sonde.Self.Problem;

namespace Sonde.Cli;

/// <summary>Says on the page and in <c>/readyz</c> that the newest file was refused.</summary>
internal sealed class ConfigurationHealth(ConfigurationFile file) : IHealthSource
{
    /// <inheritdoc/>
    public IReadOnlyList<Problem> FindProblems() => file.LastProblem is { } refused
        ? [new Problem("The configuration was refused; the one before goes on", string.Join('\n', refused.Messages))]
        : [];
}

/// <summary>Says in <c>/readyz</c> that the first moments are not over: see <see cref="Web.FirstAnswers"/>.</summary>
internal sealed class StartHealth : IHealthSource
{
    private volatile bool _isPrepared;

    /// <summary>True once whoever asks gets an answer at once.</summary>
    public bool IsPrepared
    {
        get => _isPrepared;
        set => _isPrepared = value;
    }

    /// <inheritdoc/>
    public IReadOnlyList<Problem> FindProblems() =>
        IsPrepared ? [] : [new Problem("Starting", "The first answers are being prepared; this takes a moment.")];
}

/// <summary>Says that samples cannot be stored, and how many wait or are gone.</summary>
internal sealed class StoreHealth(StoreWriter writer) : IHealthSource
{
    /// <inheritdoc/>
    public IReadOnlyList<Problem> FindProblems()
    {
        var status = writer.Status;
        if (status.Problem is not { } problem)
        {
            return [];
        }
        var waits = Counted.Of(status.WaitingSamples + status.SpooledSamples, "sample waits", "samples wait");
        var dropped = Counted.Of(status.DroppedSamples, "was dropped", "were dropped");
        var waiting = $"Measuring goes on: {waits}{(status.DroppedSamples > 0 ? $", {dropped}" : "")}.";
        return [new Problem("Samples cannot be stored", $"{problem}\n{waiting}")];
    }
}

/// <summary>Says that the machine stalled so long that samples found no place on their way to the store.</summary>
internal sealed class PipelineHealth(SamplePipeline pipeline) : IHealthSource
{
    /// <inheritdoc/>
    public IReadOnlyList<Problem> FindProblems() => pipeline.Dropped is > 0 and var dropped
        ? [new Problem("Samples were lost on their way",
            $"The machine stalled and {Counted.Of(dropped, "sample")} found no place; there is a gap.")]
        : [];
}

/// <summary>Says that ICMP is not permitted, and the command that mends it.</summary>
internal sealed class ProbingHealth(ProbingThread probing) : IHealthSource
{
    /// <inheritdoc/>
    public IReadOnlyList<Problem> FindProblems() => probing.IcmpProblem is { } problem
        ? [new Problem("ICMP cannot be measured", problem, IsUnready: false)]
        : [];
}

/// <summary>Reloads for <c>POST /-/reload</c>.</summary>
internal sealed class ConfigurationReload(ConfigurationFile file) : IReloader
{
    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> ReloadAsync(CancellationToken cancellationToken) =>
        (await file.ReloadAsync(cancellationToken)).Problems;
}
