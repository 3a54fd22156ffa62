using Sonde.Targets;

namespace Sonde.Probing;

/// <summary>
/// Why checks cannot be sent, in words. A check over both families may have a problem over each. One thread at a
/// time.
/// </summary>
internal sealed class CheckProblems
{
    private readonly Dictionary<CheckId, Problems> _checks = [];

    /// <summary>Takes in how a round of a check over a family ended: null = it could be sent.</summary>
    /// <returns>True when the check's problem is another one than before, or gone.</returns>
    public bool Take(Check check, FamilyChoice family, string? problem)
    {
        var before = _checks.GetValueOrDefault(check.Id);
        var now = check.Family != FamilyChoice.Both ? new Problems(problem, null, null)
            : family == FamilyChoice.Six ? before with { OverSix = problem }
            : before with { OverFour = problem };
        if (now == default)
        {
            _checks.Remove(check.Id);
        }
        else
        {
            _checks[check.Id] = now;
        }
        return now != before;
    }

    /// <summary>The check's problem, for example <c>IPv6 not sent: no permission</c>; null when it has none.</summary>
    public string? Find(CheckId check) => _checks.GetValueOrDefault(check).Words;

    /// <summary>Forgets a check's problem, so that it is told again when it is met again.</summary>
    /// <returns>True when it had one.</returns>
    public bool Forget(CheckId check) => _checks.Remove(check);

    private readonly record struct Problems(string? OfOne, string? OverFour, string? OverSix)
    {
        public string? Words => this switch
        {
            { OfOne: { } why } => $"not sent: {why}",
            { OverFour: { } four, OverSix: { } six } =>
                four == six ? $"not sent: {four}" : $"IPv4 not sent: {four}; IPv6 not sent: {six}",
            { OverFour: { } four } => $"IPv4 not sent: {four}",
            { OverSix: { } six } => $"IPv6 not sent: {six}",
            _ => null,
        };
    }
}
