using Sonde.Samples;

namespace Sonde.Storage.Sql;

/// <summary>
/// The run of this process: the number under which it measures, and the one that the store at hand has for it. They
/// differ when the data directory was replaced by one that counts another run under that number. One caller at a time.
/// </summary>
internal sealed class StoredRun
{
    private long _number;
    private long _stored;
    private long _beganAt;

    /// <summary>Begins the run in the store.</summary>
    /// <returns>Its first round number.</returns>
    public long Begin(RunTable runs, long nowMilliseconds)
    {
        _number = _stored = runs.Begin(nowMilliseconds);
        _beganAt = nowMilliseconds;
        return RunNumber.FirstRound(_number);
    }

    /// <summary>Goes on in a store that was opened anew; it may be another one.</summary>
    public void Resume(RunTable runs)
    {
        if (_number > 0)
        {
            _stored = runs.Resume(_stored, _beganAt);
        }
    }

    /// <summary>The samples under the number that the store has for this run.</summary>
    public ReadOnlyMemory<Sample> Renumber(ReadOnlyMemory<Sample> batch)
    {
        if (_stored == _number)
        {
            return batch;
        }
        var renumbered = batch.ToArray();
        foreach (ref var sample in renumbered.AsSpan())
        {
            if (RunNumber.Of(sample.Round) == _number)
            {
                sample = sample with { Round = sample.Round + RunNumber.FirstRound(_stored - _number) };
            }
        }
        return renumbered;
    }
}
