using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.Probing;

/// <summary>
/// Which losses are worth a line in the log: those whose words are others than the check's last line, at most one a
/// minute for each check. One thread.
/// </summary>
internal sealed class LossLines
{
    private const long LeastMilliseconds = 60_000;

    private readonly Dictionary<CheckId, ToldLoss> _told = [];

    /// <summary>True when this loss shall have a line; it counts as told then.</summary>
    public bool IsNew(CheckId check, ToldLoss loss)
    {
        if (_told.TryGetValue(check, out var before) && (before.Words == loss.Words
            || Math.Abs(loss.AtMilliseconds - before.AtMilliseconds) < LeastMilliseconds))
        {
            return false;
        }
        _told[check] = loss;
        return true;
    }

    /// <summary>Forgets a check that was taken away.</summary>
    public void Forget(CheckId check) => _told.Remove(check);
}
