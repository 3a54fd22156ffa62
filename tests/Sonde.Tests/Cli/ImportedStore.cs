using System.Text;
using Microsoft.Data.Sqlite;
using Sonde.Cli;
using Sonde.Storage.Sqlite;

namespace Sonde.Tests.Cli;

/// <summary>A data directory to import into, and what is in its store.</summary>
internal sealed class ImportedStore : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public string Data => _directory.File("data");

    /// <summary>Writes a file and says where it is.</summary>
    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(_directory.File(name), bytes);
        return _directory.File(name);
    }

    public Task<CommandRun> ImportAsync(string file, params string[] options) =>
        CommandRun.RunAsync(["import", file, "--data", Data, .. options]);

    /// <summary>What an export of everything gives.</summary>
    public string Export(bool isCsv = true, params string[] targets)
    {
        using var export = SampleExport.Open(new SqliteDatabase(Data), new ExportQuery(isCsv, long.MinValue, long.MaxValue, targets));
        using var output = new MemoryStream();
        export.Write(output, (_, _) => { }, CancellationToken.None);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    /// <summary>The lines of an export without the names of the columns.</summary>
    public string[] Lines(params string[] targets) => Export(true, targets).Split('\n')[1..^1];

    /// <summary>The stored checks as <c>id|name|kind|address|hidden</c>.</summary>
    public IReadOnlyList<string> Checks()
    {
        using var connection = new SqliteConnection($"Data Source={Data}/sonde.db;Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id || '|' || name || '|' || kind || '|' || address || '|' || hidden FROM check_ ORDER BY id";
        using var rows = command.ExecuteReader();
        var checks = new List<string>();
        while (rows.Read())
        {
            checks.Add(rows.GetString(0));
        }
        return checks;
    }

    public void Dispose() => _directory.Dispose();
}
