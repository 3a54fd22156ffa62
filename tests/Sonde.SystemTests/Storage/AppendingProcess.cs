using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using Sonde.Samples;
using Sonde.Storage.Sql;
using Sonde.Storage.Sqlite;

namespace Sonde.SystemTests.Storage;

/// <summary>
/// This test program as a process of its own that appends to a store without end, and says each batch on its standard output as soon
/// as it is acknowledged, so that the test can kill it, or look at what it wrote.
/// </summary>
internal static class AppendingProcess
{
    private const string DirectoryVariable = "SONDE_TEST_APPEND_TO";
    private const string BatchesVariable = "SONDE_TEST_APPEND_BATCHES";
    private const string MarkVariable = "SONDE_TEST_APPEND_MARK";

    /// <summary>When set, what is older than so many seconds is deleted after every 50th batch.</summary>
    public const string KeepVariable = "SONDE_TEST_APPEND_KEEP";

    /// <summary>Starts it. With <paramref name="mark"/> it also writes each acknowledged round into that file, for a recorder to see.</summary>
    public static Process Start(
        string directory, int batches = int.MaxValue, string? mark = null, Dictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        start.Environment[DirectoryVariable] = directory;
        start.Environment[BatchesVariable] = batches.ToString(CultureInfo.InvariantCulture);
        start.Environment[MarkVariable] = mark ?? "";
        foreach (var (name, value) in environment ?? [])
        {
            start.Environment[name] = value;
        }
        return Process.Start(start)!;
    }

#pragma warning disable CA2255 // this is the entry of the other process, before the test framework looks at the arguments
    [ModuleInitializer]
    internal static void AppendIfAsked()
#pragma warning restore CA2255
    {
        if (Environment.GetEnvironmentVariable(DirectoryVariable) is { Length: > 0 } directory)
        {
            var batches = int.Parse(Environment.GetEnvironmentVariable(BatchesVariable)!, CultureInfo.InvariantCulture);
            var mark = Environment.GetEnvironmentVariable(MarkVariable);
            Append(directory, batches, mark);
            Environment.Exit(0);
        }
    }

    // On one thread: others must wait until the module is initialized. The store's writes do not leave the caller's thread.
    private static void Append(string directory, int batches, string? mark)
    {
        var catalog = new SeriesCatalog();
        var store = new SampleStore(new SqliteDatabase(directory), catalog, TimeProvider.System, NullLogger<SampleStore>.Instance);
        var first = store.BeginRunAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
        using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true, NewLine = "\n" };
        using var marks = string.IsNullOrEmpty(mark) ? null : new FileStream(mark, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, 0);
        var keep = Environment.GetEnvironmentVariable(KeepVariable);
        for (var batch = 0; batch < batches; batch++)
        {
            var samples = AppendedBatch.Samples(catalog, first, batch);
            store.AppendAsync(samples, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            if (keep is not null && batch % 50 == 49)
            {
                var policy = new RetentionPolicy { RawAge = TimeSpan.FromSeconds(int.Parse(keep, CultureInfo.InvariantCulture)) };
                store.RetainAsync(policy, samples[0].SentAtMilliseconds, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            }
            marks?.Write(BitConverter.GetBytes(first + batch));
            output.WriteLine((first + batch).ToString(CultureInfo.InvariantCulture));
        }
        store.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
