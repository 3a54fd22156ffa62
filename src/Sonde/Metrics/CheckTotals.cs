using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.Metrics;

/// <summary>A check in force with its series. The pipeline's thread adds; any thread reads.</summary>
internal sealed class CheckTotals(Check check, string vantagePoint)
{
    private SeriesTotals[] _series = [];
    private LabeledCheck _labeled = new(check, vantagePoint);

    /// <summary>Its series, in the order in which they were first measured; nobody changes the list.</summary>
    public IReadOnlyList<SeriesTotals> Series => Volatile.Read(ref _series);

    /// <summary>The check and its labels, of the same configuration.</summary>
    public LabeledCheck Labeled => Volatile.Read(ref _labeled);

    /// <summary>Takes over what a reload has changed of the check; what was counted stays.</summary>
    public void Replace(Check check, string vantagePoint)
    {
        if (!ReferenceEquals(_labeled.Check, check))
        {
            Volatile.Write(ref _labeled, new LabeledCheck(check, vantagePoint));
        }
    }

    /// <summary>The series with this number; a new one when it was not measured before.</summary>
    public SeriesTotals FindOrAdd(SeriesHandle handle, SeriesKey key)
    {
        var known = Array.Find(_series, series => series.Handle == handle);
        if (known is null)
        {
            known = new SeriesTotals(handle, key);
            Volatile.Write(ref _series, [.. _series, known]);
        }
        return known;
    }
}

/// <summary>A check and its labels.</summary>
internal sealed class LabeledCheck(Check check, string vantagePoint)
{
    /// <summary>The check.</summary>
    public Check Check => check;

    /// <summary>Its labels but for those of a series.</summary>
    public Labels Labels { get; } = Labels.Of(
        ("check", check.Id.Value), ("target", check.Name), ("kind", check.Kind.ToWord()),
        ("region", check.Region ?? ""), ("vantage_point", vantagePoint));
}
