namespace Sonde.Cli;

/// <summary>
/// The sessions of one <c>sonde ping</c>: one, or in the fast mode with many targets one a processor, each with a
/// socket and a part of the targets of its own. They share nothing, so that none waits for another.
/// </summary>
internal sealed class PingSessions : IDisposable
{
    /// <summary>Fewer targets than this are probed faster by one thread than two are started.</summary>
    private const int FewestPerSession = 1_000;

    /// <summary>More sessions than this send faster than networks take it.</summary>
    private const int Most = 4;

    private readonly PingSession[] _sessions;

    public PingSessions(IReadOnlyList<PingTarget> targets, PingPlan plan)
    {
        var parts = plan.Interval > TimeSpan.Zero
            ? 1
            : Math.Clamp(Math.Min(Environment.ProcessorCount, targets.Count / FewestPerSession), 1, Most);
        var size = (targets.Count + parts - 1) / parts;
        _sessions = [.. targets.Chunk(size).Select(part => new PingSession(part, plan))];
    }

    /// <summary>Why ICMP cannot be sent at all, in words; null when it can.</summary>
    public string? Problem => _sessions[0].Problem;

    /// <summary>Called a few times a second while measuring; null = nobody looks.</summary>
    public Action? Refresh
    {
        get => _sessions[0].Refresh;
        set => _sessions[0].Refresh = value;
    }

    /// <summary>Measures until every probe has ended, or soon after the token is cancelled.</summary>
    public void Run(CancellationToken cancellationToken)
    {
        var others = _sessions.Skip(1).Select(session => new Thread(() => session.Run(cancellationToken))).ToList();
        others.ForEach(thread => thread.Start());
        _sessions[0].Run(cancellationToken);
        others.ForEach(thread => thread.Join());
        Refresh?.Invoke();
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_sessions, session => session.Dispose());
}
