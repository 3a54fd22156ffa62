using Sonde.Measurement;
using Sonde.Measurement.Statistics;

namespace Sonde.Cli;

/// <summary>A target of <c>sonde ping</c> with what was measured of it so far.</summary>
/// <param name="name">As the user wrote it.</param>
/// <param name="isTcp">True for host:port.</param>
/// <param name="probe">Whom to probe; null when the name has no address.</param>
/// <param name="problem">Why it cannot be probed, in words; null when it can.</param>
internal sealed class PingTarget(string name, bool isTcp, ProbeTarget? probe, string? problem)
{
    /// <summary>The sparkline's length.</summary>
    public const int RecentCount = 40;

    private (long Sequence, PingOutcome Outcome)[] _early = [];

    public string Name { get; } = name;

    public bool IsTcp { get; } = isTcp;

    public ProbeTarget? Probe { get; } = probe;

    /// <summary>Why it cannot be probed or sent to, in words; null when it can.</summary>
    public string? Problem { get; private set; } = problem;

    public string? Address => Probe?.Address.ToString();

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
        LossWords = result.IsLost ? result.Detail ?? result.Loss.ToString() : LossWords;
        Problem = result.NotSent == NotSentReason.None ? null : result.Detail ?? result.NotSent.ToString();
        var outcome = new PingOutcome(result.NotSent == NotSentReason.None, result.Loss, result.Rtt.Microseconds, isSuspect);
        if (sequence == Ended)
        {
            Add(outcome);
            TakeEarly();
        }
        else
        {
            Array.Resize(ref _early, _early.Length + 1);
            _early[^1] = (sequence, outcome);
        }
    }

    private void TakeEarly()
    {
        for (var place = FindEarly(); place >= 0; place = FindEarly())
        {
            var outcome = _early[place].Outcome;
            _early[place] = _early[^1];
            Array.Resize(ref _early, _early.Length - 1);
            Add(outcome);
        }
    }

    private int FindEarly()
    {
        for (var i = 0; i < _early.Length; i++)
        {
            if (_early[i].Sequence == Ended)
            {
                return i;
            }
        }
        return -1;
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
