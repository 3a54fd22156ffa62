using Sonde.Samples;

namespace Sonde.Storage.Sql;

/// <summary>The order in which series are listed: check id, vantage point, family, quantity.</summary>
internal static class SeriesOrder
{
    /// <summary>Compares two keys, in any culture alike.</summary>
    public static int Compare(SeriesKey left, SeriesKey right)
    {
        var order = string.CompareOrdinal(left.Check.Value, right.Check.Value);
        order = order != 0 ? order : string.CompareOrdinal(left.VantagePoint, right.VantagePoint);
        order = order != 0 ? order : left.Family.CompareTo(right.Family);
        order = order != 0 ? order : string.CompareOrdinal(left.Quantity.Name, right.Quantity.Name);
        return order != 0 ? order : string.CompareOrdinal(left.Quantity.Unit, right.Quantity.Unit);
    }
}
