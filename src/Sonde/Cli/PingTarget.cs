using System.Net;
using Sonde.Measurement;
using Sonde.Measurement.Http;
using Sonde.Measurement.Statistics;
using Sonde.Probing;
using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.Cli;

/// <summary>A target of <c>sonde ping</c> with what was measured of it so far.</summary>
/// <param name="name">As the user wrote it.</param>
/// <param name="kind">How it is measured.</param>
/// <param name="probe">Whom to probe; null when the name has no address.</param>
/// <param name="problem">Why it cannot be probed, in words; null when it can.</param>
internal sealed class PingTarget(string name, CheckKind kind, ProbeTarget? probe, string? problem)
{
    /// <summary>The sparkline's length.</summary>
    public const int RecentCount = 40;

    private Dictionary<int, PingOutcome>? _early;
    private IPAddress? _asked = probe is HttpTarget http ? http.LastGoodAddress : probe?.Address;

    public string Name { get; } = name;

    public CheckKind Kind { get; } = kind;

    public ProbeTarget? Probe { get; } = probe;

    /// <summary>True when the resolver said that the name does not exist: each of its probes is lost.</summary>
    public bool IsNameUnknown { get; init; }

    /// <summary>Why there is nothing to send to, or it cannot be sent, in words; null when it can.</summary>
    public string? Problem { get; private set; } = problem;

    /// <summary>
    /// Whom it asks; of a URL's name the address that it last resolved to. Null while there is none.
    /// </summary>
    public string? Address => _asked?.ToString();

    /// <summary>Its phases; null for kinds without.</summary>
    public PingPhases? Phases { get; } = PingPhases.Of(kind);

    /// <summary>All samples so far, in the order of sending.</summary>
    public Window Window { get; } = new();

    /// <summary>The latest outcomes in the order of sending: RTT in microseconds, or null for a loss.</summary>
    public Queue<long?> Recent { get; } = new();

    /// <summary>Why the latest loss was one; null when nothing was lost.</summary>
    public string? LossWords { get; private set; }

    /// <summary>How many probes were begun.</summary>
    public int Begun { get; set; }

    /// <summary>How many probes have ended.</summary>
    public int Ended { get; private set; }

    /// <summary>Further copies of answers.</summary>
    public int Duplicates { get; set; }

    /// <summary>
    /// Takes in how a probe ended; those that end before an earlier one wait for it, so that jitter is true.
    /// </summary>
    /// <param name="sequence">The probe's number, from 0.</param>
    /// <param name="result">How it ended.</param>
    /// <param name="isSuspect">True when this process was late while it was under way.</param>
    public void Take(int sequence, in ProbeResult result, bool isSuspect)
    {
        var isMeasured = result.NotSent == NotSentReason.None;
        Phases?.Take(result.Findings);
        _asked = result.Findings is HttpFindings { Hops: [{ Address: { } first }, ..] } ? first : _asked;
        LossWords = result.IsLost ? result.Detail ?? result.Loss.ToMeaning() : LossWords;
        Problem = isMeasured && !IsNameUnknown ? null : result.Detail ?? NotSentWords.For(result.NotSent);
        var outcome = new PingOutcome(isMeasured, result.Loss, result.Rtt.Microseconds, isSuspect);
        if (sequence == Ended)
        {
            Add(outcome);
            while (_early is not null && _early.Remove(Ended, out var next))
            {
                Add(next);
            }
        }
        else
        {
            (_early ??= []).Add(sequence, outcome);
        }
    }

    private void Add(PingOutcome outcome)
    {
        if (outcome.IsMeasured)
        {
            Window.Add(Ended, 0, outcome.Loss, outcome.Microseconds, 0, outcome.IsSuspect);
            Recent.Enqueue(outcome.Loss == LossReason.None ? outcome.Microseconds : null);
            if (Recent.Count > RecentCount)
            {
                Recent.Dequeue();
            }
        }
        Ended++;
    }

    private readonly record struct PingOutcome(bool IsMeasured, LossReason Loss, long Microseconds, bool IsSuspect);
}
