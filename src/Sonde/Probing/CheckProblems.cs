using Sonde.Targets;

namespace Sonde.Probing;

/// <summary>
/// Why checks cannot be sent, in words. A check over both families has one problem: that of IPv4, or else that of IPv6.
/// One thread at a time.
/// </summary>
internal sealed class CheckProblems
{
    private readonly Dictionary<CheckId, Problems> _checks = [];

    /// <summary>Takes in how a round of a check ended: null = it could be sent.</summary>
    /// <returns>True when the check's problem is another one than before, or gone.</returns>
    public bool Take(CheckId check, FamilyChoice family, string? problem)
    {
        var before = _checks.GetValueOrDefault(check);
        var now = family == FamilyChoice.Six ? before with { OverSix = problem } : before with { OverFour = problem };
        if (now == default)
        {
            _checks.Remove(check);
        }
        else
        {
            _checks[check] = now;
        }
        return now.Words != before.Words;
    }

    /// <summary>The check's problem; null when it has none.</summary>
    public string? Find(CheckId check) => _checks.GetValueOrDefault(check).Words;

    /// <summary>Forgets a check's problem, so that it is told again when it is met again.</summary>
    /// <returns>True when it had one.</returns>
    public bool Forget(CheckId check) => _checks.Remove(check);

    private readonly record struct Problems(string? OverFour, string? OverSix)
    {
        public string? Words => OverFour ?? OverSix;
    }
}
