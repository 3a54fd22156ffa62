using Sonde.Samples;

namespace Sonde.Storage.Sql;

/// <summary>The order of samples within a series.</summary>
internal static class SampleOrder
{
    /// <summary>
    /// The samples in order, each identity once: of equals the one that stood first, for what is stored stays as it is.
    /// </summary>
    public static List<Sample> Distinct(List<Sample> samples)
    {
        var places = new int[samples.Count];
        for (var place = 0; place < places.Length; place++)
        {
            places[place] = place;
        }
        Array.Sort(places, (left, right) =>
        {
            var order = SampleIdentity.Of(samples[left]).CompareTo(SampleIdentity.Of(samples[right]));
            return order != 0 ? order : left.CompareTo(right);
        });
        var ordered = new List<Sample>(samples.Count);
        foreach (var place in places)
        {
            if (ordered.Count == 0 || SampleIdentity.Of(ordered[^1]) != SampleIdentity.Of(samples[place]))
            {
                ordered.Add(samples[place]);
            }
        }
        return ordered;
    }

    /// <summary>The first place in ordered samples whose sample is not before the identity.</summary>
    public static int FirstNotBefore(List<Sample> ordered, SampleIdentity identity)
    {
        int low = 0, high = ordered.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = SampleIdentity.Of(ordered[middle]) < identity ? (middle + 1, high) : (low, middle);
        }
        return low;
    }
}
