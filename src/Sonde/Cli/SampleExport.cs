using Microsoft.Data.Sqlite;
using Sonde.SampleFiles;
using Sonde.Storage.Sql;

namespace Sonde.Cli;

/// <summary>
/// The series that an export asks for, and the writing of them. The one place where the command line reads a store.
/// </summary>
internal sealed class SampleExport : IDisposable
{
    private const int SqliteCorrupt = 11, SqliteNotADatabase = 26;   // sqlite.org/rescode.html

    private readonly StoreSnapshot _snapshot;
    private readonly ExportQuery _query;
    private readonly IReadOnlyList<SnapshotSeries> _series;

    private SampleExport(
        StoreSnapshot snapshot, ExportQuery query, IReadOnlyList<SnapshotSeries> series, string? problem)
    {
        (_snapshot, _query, _series, Problem) = (snapshot, query, series, problem);
    }

    /// <summary>What is wrong with the query, in a sentence; null when nothing is.</summary>
    public string? Problem { get; }

    /// <summary>How many series it holds.</summary>
    public int SeriesCount => _series.Count;

    /// <summary>What could not be read so far, in sentences.</summary>
    public IReadOnlyList<string> Damage => _snapshot.Damage;

    /// <summary>Opens the store of a data directory and finds the series of the query.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    /// <exception cref="FileNotFoundException">There is no store in it.</exception>
    /// <exception cref="Samples.StoreRefusedException">A newer version, or another program, wrote it.</exception>
    /// <exception cref="Samples.StoreUnavailableException">It cannot be read.</exception>
    public static SampleExport Open(IStoreDatabase database, ExportQuery query) =>
        Find(StoreSnapshot.Open(database), query);

    /// <summary>Finds the series of the query; the snapshot is closed with the export.</summary>
    public static SampleExport Find(StoreSnapshot snapshot, ExportQuery query)
    {
        var wanted = new HashSet<string>();
        foreach (var target in query.Targets)
        {
            var checks = snapshot.FindChecks(target);
            if (checks.Count == 0)
            {
                return new SampleExport(snapshot, query, [], Unknown(target, snapshot));
            }
            wanted.UnionWith(checks);
        }
        var series = snapshot.Series.Where(one => query.Targets.Count == 0 || wanted.Contains(one.Key.Check.Value));
        return new SampleExport(snapshot, query, [.. series], null);
    }

    /// <summary>Writes all samples, series after series.</summary>
    /// <param name="output">Where to; left open.</param>
    /// <param name="progress">Told how many series and samples are done.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public void Write(Stream output, Action<int, long> progress, CancellationToken cancellationToken)
    {
        var rows = new SampleRows(output, _query.IsCsv);
        rows.Begin();
        var (done, written) = (0, 0L);
        foreach (var series in _series)
        {
            rows.Of(series.Key);
            foreach (var samples in _snapshot.Read(series, _query.FromMilliseconds, _query.ToMilliseconds))
            {
                cancellationToken.ThrowIfCancellationRequested();
                rows.Write(samples);
                written += samples.Count;
                progress(done, written);
            }
            progress(++done, written);
        }
        rows.Flush();
    }

    /// <summary>Why an export failed, for its user: the store's own words would send him to an export.</summary>
    public static string Explain(Exception error) =>
        error.InnerException is SqliteException { SqliteErrorCode: SqliteCorrupt or SqliteNotADatabase } fault
            ? $"The store is damaged or no SQLite database, and cannot be read on ({fault.Message.TrimEnd('.')}). "
                + "What was written until here is sound. The rest is in a backup, or, once the directory was copied, "
                + "for tools like '.recover' of sqlite3."
            : error.Message;

    /// <inheritdoc/>
    public void Dispose() => _snapshot.Dispose();

    private static string Unknown(string target, StoreSnapshot snapshot)
    {
        var nearest = snapshot.CheckNames
            .Select(name => (Name: name, Distance: Distance(target, name)))
            .Where(near => near.Distance <= Math.Max(2, target.Length / 3))
            .OrderBy(near => near.Distance)
            .Select(near => near.Name)
            .FirstOrDefault();
        var hint = nearest is null ? "" : $" Did you mean '{nearest}'?";
        return $"No check '{target}' is stored, neither by id nor by name nor by address.{hint}";
    }

    // Levenshtein: how many letters must be changed, added or taken away.
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0]++;
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j - 1], row[j]) + 1);
            }
        }
        return row[^1];
    }
}
