using System.Globalization;
using Sonde.Marks;
using Sonde.Measurement;
using Sonde.Measurement.Http;
using Sonde.Targets;

namespace Sonde.Probing;

/// <summary>Sees that what an HTTP check reads is not what it read before (<c>watchContent</c>). One thread.</summary>
internal sealed class ContentWatch
{
    /// <summary>A page that is another each time must not fill the time axis: a mark a minute at most.</summary>
    private const long LeastMilliseconds = 60_000;

    private readonly Dictionary<(CheckId, FamilyChoice), Content> _known = [];

    /// <summary>
    /// Compares the body of an answered probe with that of the check's last one over the same family; the first one
    /// compares with nothing.
    /// </summary>
    /// <returns>
    /// The mark of a change; null when there was none, and within a minute of the mark before: the next one counts it.
    /// </returns>
    public Mark? Take(CheckRun run, ProbeFindings? findings, long atMilliseconds)
    {
        if (run.Check.Http is not { WatchesContent: true } || findings is not HttpFindings { BodyHash: { } hash })
        {
            return null;
        }
        var key = (run.Check.Id, run.Family);
        var content = _known.GetValueOrDefault(key) ?? new Content(hash);
        if (content.Hash != hash)
        {
            content = content with { Hash = hash, ChangedAt = atMilliseconds, Changes = content.Changes + 1 };
        }
        var isDue = content.Changes > 0
            && !(content.MarkedAt is { } marked && Math.Abs(atMilliseconds - marked) < LeastMilliseconds);
        _known[key] = isDue ? content with { Changes = 0, MarkedAt = content.ChangedAt } : content;
        return isDue ? MarkOf(run.Check, content) : null;
    }

    /// <summary>Forgets a check that was taken away.</summary>
    public void Forget(CheckRun run) => _known.Remove((run.Check.Id, run.Family));

    private static Mark MarkOf(Check check, Content content)
    {
        var often = content.Changes == 1 ? ""
            : string.Create(CultureInfo.InvariantCulture, $" {content.Changes} times since its last mark");
        return new Mark(
            content.ChangedAt, MarkKind.ContentChanged, check.Id, $"The content of {check.Name} changed{often}");
    }

    /// <param name="Hash">The body's hash.</param>
    /// <param name="ChangedAt">When the last change was seen.</param>
    /// <param name="Changes">Changes that have no mark yet.</param>
    /// <param name="MarkedAt">When the last marked change was seen; null = none yet.</param>
    private sealed record Content(string Hash, long ChangedAt = 0, int Changes = 0, long? MarkedAt = null);
}
