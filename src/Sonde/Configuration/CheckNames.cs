using System.Collections.Immutable;
using Sonde.Configuration.Yaml;
using Sonde.Targets;

namespace Sonde.Configuration;

/// <summary>Sees to it that no two checks have the same id, and no two of a group the same name and kind.</summary>
internal sealed class CheckNames(ProblemList problems)
{
    private readonly List<(CheckDraft Draft, Check Check)> _checks = [];

    /// <summary>Takes a check in.</summary>
    public void Add(CheckDraft draft) => _checks.Add((draft, draft.ToCheck()));

    /// <summary>
    /// All checks in their order; each collision is noted at the later place and names the earlier one.
    /// </summary>
    public ImmutableArray<Check> ToChecks()
    {
        var ids = new Dictionary<CheckId, CheckDraft>(_checks.Count);
        var names = new Dictionary<(string? Group, string Name, CheckKind Kind), CheckDraft>(_checks.Count);
        foreach (var (draft, check) in _checks)
        {
            if (names.TryGetValue((check.Group, check.Name, check.Kind), out var namesake))
            {
                problems.Add(draft.Place, draft.Name is not null || draft.Url == namesake.Url
                    ? $"the {check.Kind.ToWord()} target {draft.Written} is written twice; "
                        + $"first at {At(namesake.Place)}"
                    : $"{draft.Written} would get the same name as {namesake.Written} at {At(namesake.Place)}: "
                        + "give one of them a 'name:' of its own");
            }
            else
            {
                names.Add((check.Group, check.Name, check.Kind), draft);
                if (!ids.TryAdd(check.Id, draft))
                {
                    NoteSameId(draft, ids[check.Id]);
                }
            }
        }
        NoteRenamed(ids);
        return [.. _checks.Select(both => both.Check)];
    }

    private void NoteSameId(CheckDraft draft, CheckDraft first)
    {
        if (draft.Id is not null)
        {
            problems.Add(
                draft.IdPlace,
                $"the id of {draft.Written} is also that of {first.Written} at {At(first.Place)}");
        }
        else
        {
            problems.Add(draft.Place, $"{draft.Written} would get the same id as {first.Written} at {At(first.Place)}: "
                + "give one of them an 'id:' of its own");
        }
    }

    private void NoteRenamed(Dictionary<CheckId, CheckDraft> ids)
    {
        var takers = new Dictionary<CheckId, CheckDraft>();
        foreach (var (draft, check) in _checks)
        {
            if (check.RenamedFrom is not { } former)
            {
                continue;
            }
            if (ids.TryGetValue(former, out var holder))
            {
                problems.Add(draft.RenamedFromPlace, holder == draft
                    ? "'renamedFrom' is the id that the check still has"
                    : $"'renamedFrom' is still the id of {holder.Written} at {At(holder.Place)}");
            }
            else if (!takers.TryAdd(former, draft))
            {
                problems.Add(
                    draft.RenamedFromPlace,
                    $"{takers[former].Written} at {At(takers[former].Place)} takes over the same history");
            }
        }
    }

    private static string At(Place place) => $"line {place.Line}, column {place.Column}";
}
