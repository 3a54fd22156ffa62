using System.Data.Common;
using System.Globalization;
using System.Numerics;

namespace Sonde.Storage.Sql;

/// <summary>Where the SQL of one engine differs from that of the others. All else is the same text for all.</summary>
internal abstract class SqlDialect
{
    /// <summary>Begins a transaction that writes.</summary>
    public abstract string BeginWriting { get; }

    /// <summary>Begins a transaction that reads one snapshot of all tables.</summary>
    public abstract string BeginReading { get; }

    /// <summary>The name of the parameter at a place, counted from 1, which the SQL writes as <c>$1</c>.</summary>
    public abstract string ParameterName(int place);

    /// <summary>A whole number as this engine keeps those that may be longer than 64 bits.</summary>
    public abstract object ToValue(Int128 whole);

    /// <summary>The version of the store.</summary>
    public abstract long Version(StoreConnection connection);

    /// <summary>How large the store is on the disk, in bytes; 0 = not known.</summary>
    public virtual long BytesOnDisk(StoreConnection connection) => 0;

    /// <summary>How many of these bytes nothing needs any more; 0 = not known.</summary>
    public virtual long FreeBytes(StoreConnection connection) => 0;

    /// <summary>Gives some of the room that nothing needs any more back to the disk, for some tens of ms.</summary>
    /// <returns>True when there is more to give back.</returns>
    public virtual bool GiveBack(StoreConnection connection) => false;   // the engine does so by itself

    /// <summary>What the engine finds wrong with its own structures, in its words.</summary>
    public virtual IEnumerable<string> FindDamage(StoreConnection connection) => [];

    /// <summary>The value of a column that <see cref="ToValue"/> filled, as fast as this engine can.</summary>
    public virtual Int128 ReadFast(DbDataReader row, int column) => ReadWhole(row, column);

    /// <summary>The value of a column that <see cref="ToValue"/> filled.</summary>
    public static Int128 ReadWhole(DbDataReader row, int column) => row.GetFieldType(column) == typeof(decimal)
        ? (Int128)row.GetFieldValue<BigInteger>(column)   // it may be longer than a decimal
        : row.GetValue(column) switch
        {
            long whole => whole,
            string whole => Int128.Parse(whole, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture),
            var other => throw new FormatException($"{other.GetType().Name} is no whole number"),
        };
}
