using Sonde.RemoteWrite;
using Sonde.Self;
using Problem = Sonde.Self.Problem;

namespace Sonde.Cli;

/// <summary>Says which receiver of the windows takes none, and what is gone by it.</summary>
internal sealed class RemoteWriteHealth(RemoteWriters writers) : IHealthSource
{
    /// <inheritdoc/>
    public IReadOnlyList<Problem> FindProblems() =>
    [
        .. from status in writers.Statuses
           let gone = status.DroppedSamples + status.RefusedSamples
           where status.Problem is not null || gone > 0
           select new Problem(
               status.Problem is null ? "Windows were not written to a receiver" : "A receiver takes no windows",
               $"{status.Url}: {status.Problem ?? "it works again."}\nMeasuring goes on: {status.WaitingSamples} "
               + $"samples wait, {status.DroppedSamples} were dropped, {status.RefusedSamples} refused.",
               IsUnready: false),
    ];
}
