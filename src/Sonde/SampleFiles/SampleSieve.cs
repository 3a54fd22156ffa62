using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.SampleFiles;

/// <summary>Which samples of a file are wanted, and which checks they are of. One caller at a time.</summary>
/// <param name="fromMilliseconds">The first time that is wanted.</param>
/// <param name="toMilliseconds">The first time after that which is not.</param>
/// <param name="targets">The ids or names of the checks that are wanted; none = all.</param>
/// <param name="catalog">Knows the series of the file.</param>
/// <param name="names">Knows the names of its checks.</param>
internal sealed class SampleSieve(
    long fromMilliseconds, long toMilliseconds, IReadOnlyList<string> targets, SeriesCatalog catalog, SeriesNames names)
{
    private readonly HashSet<string> _targets = [.. targets];
    private readonly HashSet<CheckId> _checks = [];
    private readonly List<FoundCheck> _found = [];
    private bool?[] _wanted = new bool?[64];

    /// <summary>How many series had a sample that is wanted.</summary>
    public int SeriesCount { get; private set; }

    /// <summary>True when the sample is wanted.</summary>
    public bool Takes(Sample sample) =>
        sample.SentAtMilliseconds >= fromMilliseconds && sample.SentAtMilliseconds < toMilliseconds
        && IsWanted(sample.Series);

    /// <summary>The checks whose first wanted sample came since this was called last.</summary>
    public IReadOnlyList<FoundCheck> TakeFound()
    {
        FoundCheck[] found = [.. _found];
        _found.Clear();
        return found;
    }

    private bool IsWanted(SeriesHandle series)
    {
        if (series.Number >= _wanted.Length)
        {
            Array.Resize(ref _wanted, Math.Max(series.Number + 1, _wanted.Length * 2));
        }
        return _wanted[series.Number] ??= Decide(catalog.KeyOf(series).Check);
    }

    private bool Decide(CheckId check)
    {
        var name = names.NameOf(check);
        if (_targets.Count > 0 && !_targets.Contains(check.Value) && !_targets.Contains(name))
        {
            return false;
        }
        SeriesCount++;
        if (_checks.Add(check))
        {
            _found.Add(new FoundCheck(check, name));
        }
        return true;
    }
}

/// <summary>A check that a file has samples of.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name for people; the id where the file has no other.</param>
internal sealed record FoundCheck(CheckId Id, string Name);
