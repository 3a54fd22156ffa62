using System.Data.Common;

namespace Sonde.Storage.Sql;

/// <summary>
/// Gathers the statements of a transaction whose results nobody waits for, and sends them together: one way to the
/// server and back instead of one a statement. One caller at a time.
/// </summary>
internal interface IStatementQueue
{
    /// <summary>Adds a statement with positional parameters; the values are copied.</summary>
    void Add(string sql, ReadOnlySpan<object?> values);

    /// <summary>Sends what has gathered and waits until all of it is done.</summary>
    /// <exception cref="DbException">One failed; those behind it were not done.</exception>
    void Send();

    /// <summary>Forgets what has gathered.</summary>
    void Clear();
}
