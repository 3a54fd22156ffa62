namespace Sonde.Configuration.Yaml;

/// <summary>A place in a text as editors count it: line and column from 1.</summary>
internal readonly record struct Place(int Line, int Column) : IComparable<Place>
{
    /// <summary>The first character of a text.</summary>
    public static readonly Place Start = new(1, 1);

    /// <summary>Earlier places come first.</summary>
    public int CompareTo(Place other) => (Line, Column).CompareTo((other.Line, other.Column));
}
