using Sonde.Measurement.Statistics;
using Sonde.Targets;

namespace Sonde.Samples;

/// <summary>A series of a check that is measured now: its last hour, its windows and its state. One caller at a
/// time.</summary>
internal sealed class LiveSeries(SeriesHandle handle, SeriesKey key)
{
    /// <summary>A check is degraded when it loses more than this (DESIGN: words, state).</summary>
    private const double DegradedLossRatio = 0.05;

    /// <summary>How long the end of a round may be under way through the pipeline.</summary>
    private const long PipelineMilliseconds = 1_000;

    private const long MinuteMilliseconds = SealedMinutes.MinuteMilliseconds;
    private SeriesHistory _history = new();
    private readonly RoundOutcomes _rounds = new();
    private readonly HourOfRounds _hour = new();
    private long _version;
    private SeriesView? _view;
    private long _viewVersion;
    private long _viewedAt;

    /// <summary>The series' number.</summary>
    public SeriesHandle Handle => handle;

    /// <summary>Adds a sample; false when it came too late to be placed.</summary>
    public bool TryAdd(in Sample sample)
    {
        _version++;
        return _history.TryAdd(sample);
    }

    /// <summary>Takes in a round that ended.</summary>
    public void Add(in Round round)
    {
        _rounds.Add(round);
        _hour.Add(round);
    }

    /// <summary>Puts what was measured before all of this series in front of it.</summary>
    public void Prepend(SeriesHistory earlier)
    {
        earlier.Append(_history, handle);
        _history = earlier;
        _version++;
    }

    /// <summary>Packs what has become old; gives back what only a view needs when nobody has looked for a
    /// minute.</summary>
    public void Tidy(long nowMilliseconds)
    {
        _history.Seal(nowMilliseconds);
        if (_view is not null && Math.Abs(nowMilliseconds - _viewedAt) > MinuteMilliseconds)
        {
            _view = null;
            _history.ForgetMerged();
        }
    }

    /// <summary>The state of this series alone (DESIGN: words, state).</summary>
    public CheckState StateAt(long nowMilliseconds, Check check)
    {
        var isMeasured = _rounds.NewestAtMilliseconds is { } newest && nowMilliseconds <= newest + Patience(check)
            && !_rounds.IsNewestUnmeasured;
        if (!isMeasured)
        {
            return CheckState.Unknown;
        }
        if (!_rounds.IsAnswering)
        {
            return _rounds.IsDown ? CheckState.Down : CheckState.Unknown;   // one or two lost rounds do not tell yet
        }
        var (sent, lost) = _history.Steps.Total(nowMilliseconds);
        return lost > DegradedLossRatio * sent ? CheckState.Degraded : CheckState.Up;
    }

    /// <summary>The series as it stands; the same object as long as nothing has changed.</summary>
    public SeriesView ViewAt(long nowMilliseconds, Check check)
    {
        var before = _viewVersion == _version ? _view : null;
        var one = WindowAt(nowMilliseconds, MinuteMilliseconds, before?.OneMinute);
        var five = WindowAt(nowMilliseconds, 5 * MinuteMilliseconds, before?.FiveMinutes);
        var sixty = WindowAt(nowMilliseconds, 60 * MinuteMilliseconds, before?.SixtyMinutes);
        var (state, rounds) = (StateAt(nowMilliseconds, check), _hour.TotalsAt(nowMilliseconds));
        _viewedAt = nowMilliseconds;
        if (before is null || one != before.OneMinute || five != before.FiveMinutes || sixty != before.SixtyMinutes
            || state != before.State || rounds != before.Rounds)
        {
            var points = five == before?.FiveMinutes ? before.Sparkline : _history.Steps.ToPoints(nowMilliseconds);
            _view = new SeriesView(handle, key, state, rounds, _history.Last, one, five, sixty)
            {
                Sparkline = points,
            };
            _viewVersion = _version;
        }
        return _view!;
    }

    /// <summary>How long after the start of a round the end of a later one must have been told, if there is
    /// any.</summary>
    private static long Patience(Check check) =>
        (long)(3 * check.Interval + (check.Push?.Grace ?? check.Timeout)).TotalMilliseconds + PipelineMilliseconds;

    /// <summary>The last five minutes alone, as <see cref="ViewAt"/> gives them.</summary>
    public Window FiveMinutesAt(long nowMilliseconds) =>
        WindowAt(nowMilliseconds, 5 * MinuteMilliseconds, _viewVersion == _version ? _view?.FiveMinutes : null).Window;

    /// <summary>The window of a span that ends with its sixtieth under way.</summary>
    private LiveWindow WindowAt(long nowMilliseconds, long span, LiveWindow? before)
    {
        var step = span / 60;
        var to = (long)Math.Floor((double)nowMilliseconds / step) * step + step;
        return before?.ToMilliseconds == to ? before : new LiveWindow(to - span, to, _history.Summarize(to - span, to));
    }
}
