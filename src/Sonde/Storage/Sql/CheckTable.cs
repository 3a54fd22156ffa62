using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.Storage.Sql;

/// <summary>The table <c>check_</c>: which checks the configuration has, and had.</summary>
internal sealed class CheckTable(StoreConnection connection, SeriesTable series)
{
    /// <summary>
    /// Makes the table say what the configuration says; see <see cref="ISampleStore.SaveChecksAsync"/>.
    /// </summary>
    public List<AddressChange> Save(IReadOnlyList<Check> checks)
    {
        var renamed = FindRenamed(checks);
        var changes = connection.Write(() => Write(checks, renamed));
        foreach (var (from, to) in renamed)
        {
            series.Rename(from, to);
        }
        return changes;
    }

    /// <summary>Adds checks that nobody has configured, hidden; those that are there stay as they are.</summary>
    public bool Add(IReadOnlyList<Check> checks) => connection.Write(() =>
    {
        using var insert = connection.Prepare(
            """
            INSERT INTO check_ (id, name, kind, address, hidden) VALUES ($1, $2, $3, $4, 1) ON CONFLICT DO NOTHING
            """);
        foreach (var check in checks)
        {
            insert.Execute(check.Id.Value, check.Name, check.Kind.ToWord(), check.Address);
        }
        return true;
    });

    private List<AddressChange> Write(IReadOnlyList<Check> checks, List<(CheckId From, CheckId To)> renamed)
    {
        foreach (var (from, to) in renamed)
        {
            Rename(from, to);
        }
        var before = ReadAddresses();
        var changes = new List<AddressChange>();
        connection.Execute("UPDATE check_ SET hidden = 1");
        using var upsert = connection.Prepare(
            """
            INSERT INTO check_ (id, name, kind, address, hidden) VALUES ($1, $2, $3, $4, 0)
            ON CONFLICT (id) DO UPDATE SET name = $2, kind = $3, address = $4, hidden = 0
            """);
        foreach (var check in checks)
        {
            upsert.Execute(check.Id.Value, check.Name, check.Kind.ToWord(), check.Address);
            if (before.TryGetValue(check.Id.Value, out var address) && address != check.Address)
            {
                changes.Add(new AddressChange(check.Id, address, check.Address));
            }
        }
        return changes;
    }

    // A check that has a history under its new name already keeps that: two histories are never mixed.
    private List<(CheckId From, CheckId To)> FindRenamed(IReadOnlyList<Check> checks)
    {
        var configured = checks.Select(check => check.Id).ToHashSet();
        var measured = series.ListKeys().Select(key => key.Check).ToHashSet();
        return
        [
            .. from check in checks
               let former = check.RenamedFrom
               where former is not null && !configured.Contains(former.Value) && !measured.Contains(check.Id)
               select (former.Value, check.Id),
        ];
    }

    private void Rename(CheckId from, CheckId to)
    {
        using var drop = connection.Prepare(
            "DELETE FROM check_ WHERE id = $2 AND EXISTS (SELECT 1 FROM check_ WHERE id = $1)");
        drop.Execute(from.Value, to.Value);
        foreach (var (table, column) in (ReadOnlySpan<(string, string)>)
            [("check_", "id"), ("series", "check_id"), ("mark", "check_id")])
        {
            using var move = connection.Prepare($"UPDATE {table} SET {column} = $2 WHERE {column} = $1");
            move.Execute(from.Value, to.Value);
        }
    }

    private Dictionary<string, string> ReadAddresses()
    {
        var addresses = new Dictionary<string, string>();
        using var statement = connection.Prepare("SELECT id, address FROM check_");
        using var rows = statement.Query();
        while (rows.Read())
        {
            addresses.Add(rows.GetString(0), rows.GetString(1));
        }
        return addresses;
    }
}
