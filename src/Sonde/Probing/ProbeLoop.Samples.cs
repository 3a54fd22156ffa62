using System.Runtime.InteropServices;
using Sonde.Measurement;
using Sonde.Samples;

namespace Sonde.Probing;

/// <content>Steps 4 and 5: samples of what has ended, and handing them over.</content>
internal sealed partial class ProbeLoop
{
    /// <summary>
    /// 4: an answer is held back a little for its duplicates; all else is made a sample, or a gap, at once.
    /// </summary>
    private void Ended(long ticket, in ProbeResult result)
    {
        ref var pending = ref _pending[ticket];
        pending.Result = result;
        if (result.IsAnswered)
        {
            pending.AnsweredAt = _clock.FromKernelStamp(result.SentAt) + result.Rtt.Nanoseconds;
            _pending.HoldBack(ticket, pending.AnsweredAt, _clock.Now);
        }
        else
        {
            Make((int)ticket);
        }
    }

    private void MakeHeldBack(long now)
    {
        while (_pending.TakeDue(now) is { } place)
        {
            Make(place);
        }
    }

    private void Make(int place)
    {
        ref var pending = ref _pending[place];
        var run = pending.Run!;
        ref readonly var result = ref pending.Result;
        var isMeasured = result.NotSent == NotSentReason.None;
        if (isMeasured)
        {
            var sample = SampleMaking.From(pending, _lateness);
            Counters.Suspect += sample.IsSuspect ? 1 : 0;
            _samples.Add(sample);
            TakeFindings(run, sample, result);
        }
        else
        {
            Counters.NotSent++;
        }
        var whole = run.Count(pending.Round, isMeasured, result.IsLost);
        if (whole is { IsMeasured: false } idle && result.NotSent == NotSentReason.Busy)
        {
            run.SkipEnded(idle); // the probe before still runs, and tells enough: as a round that is overdue
            Counters.MissedRounds++;
        }
        else if (whole is { } round)
        {
            Close(run, round, round.IsMeasured ? null : result.Detail ?? NotSentWords.For(result.NotSent));
        }
        _pending.Remove(place);
    }

    private void TakeFindings(CheckRun run, in Sample sample, in ProbeResult result)
    {
        if (result.Findings is { } findings)   // none of an echo request: nothing is looked through for it
        {
            foreach (var finding in findings.Quantities)
            {
                _samples.Add(SampleMaking.From(sample, finding, _findings.Of(sample.Series, finding)));
            }
        }
        if (result.IsLost || result.Findings is not null)
        {
            Told?.Invoke(run, result);
        }
    }

    private void Close(CheckRun run, in Round round, string? problem)
    {
        _rounds.Add(round);
        RoundEnded?.Invoke(run, round);
        if (!run.IsRemoved)
        {
            ProblemChanged?.Invoke(run, problem);
        }
    }

    /// <summary>5: hands over what was made in this turn.</summary>
    private void Publish()
    {
        if (_samples.Count + _rounds.Count > 0)
        {
            _pipeline.Publish(
                CollectionsMarshal.AsSpan(_samples),
                CollectionsMarshal.AsSpan(_rounds));
            _samples.Clear();
            _rounds.Clear();
        }
    }
}
