using System.Collections.Immutable;

namespace Sonde.Configuration.Yaml;

/// <summary>Gathers everything that is wrong with a text, so that the user sees all of it at once.</summary>
internal sealed class ProblemList(string text)
{
    /// <summary>The most problems that are kept; more are counted.</summary>
    public const int Most = 1000;

    private readonly HashSet<Problem> _problems = [];
    private int _notKept;

    /// <summary>True when nothing was found.</summary>
    public bool IsEmpty => _problems.Count == 0;

    /// <summary>Notes a problem; the same one at the same place (through an alias) only once.</summary>
    public void Add(Place place, string message) => Add(place, () => message);

    /// <summary>The same for a message that costs work, which is not done for problems that are not kept.</summary>
    public void Add(Place place, Func<string> message)
    {
        if (_problems.Count < Most)
        {
            _problems.Add(new Problem(place, message()));
        }
        else
        {
            _notKept++;
        }
    }

    /// <summary>Notes a problem of the file as a whole.</summary>
    public void AddForFile(string message) => _problems.Add(new Problem(null, message));

    /// <summary>All problems by place, those of the file as a whole first; every place lies inside the text.</summary>
    public ImmutableArray<Problem> InFileOrder()
    {
        if (IsEmpty)
        {
            return [];
        }
        var lines = new TextLines(text);
        var sorted = _problems
            .Select(problem => problem with { Place = problem.Place is { } place ? lines.Inside(place) : null })
            .OrderBy(problem => problem.Place ?? default);
        return _notKept == 0
            ? [.. sorted]
            : [.. sorted, new Problem(null, $"{_notKept} more problems are not shown; mend these first")];
    }
}
