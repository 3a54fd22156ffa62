using System.Diagnostics;
using System.Globalization;

namespace Sonde.Metrics;

/// <summary>What this process uses of the machine, and how its memory is kept.</summary>
internal sealed class ProcessMetrics : IMetricSource
{
    private static readonly Labels[] Generations = [.. Enumerable.Range(0, GC.MaxGeneration + 1).Select(generation =>
        Labels.Of(("generation", generation.ToString(CultureInfo.InvariantCulture))))];

    /// <summary>Its metrics.</summary>
    public static readonly FamilyOf<ProcessMetrics>[] Families =
    [
        FamilyOf<ProcessMetrics>.Counter(
            "process_cpu_seconds_total", "User and system time used", static (writer, _) =>
                writer.Write(Environment.CpuUsage.TotalTime.TotalSeconds)),
        FamilyOf<ProcessMetrics>.Gauge(
            "process_resident_memory_bytes", "Memory in RAM", static (writer, _) =>
                writer.Write(Environment.WorkingSet)),
        FamilyOf<ProcessMetrics>.Gauge(
            "process_start_time_seconds", "When the process was started, in seconds since 1970 UTC",
            static (writer, process) => writer.Write(process._startedAt)),
        FamilyOf<ProcessMetrics>.Gauge(
            "process_open_fds", "Open file descriptors", static (writer, _) => writer.Write(CountOpenFiles())),
        FamilyOf<ProcessMetrics>.Counter(
            "dotnet_gc_collections_total", "Garbage collections, by generation", static (writer, _) =>
            {
                for (var generation = 0; generation < Generations.Length; generation++)
                {
                    writer.Write(GC.CollectionCount(generation), Generations[generation]);
                }
            }),
        FamilyOf<ProcessMetrics>.Counter(
            "dotnet_gc_pause_seconds_total", "Time in which garbage collection held the process up",
            static (writer, _) => writer.Write(GC.GetTotalPauseDuration().TotalSeconds)),
        FamilyOf<ProcessMetrics>.Counter(
            "dotnet_gc_allocated_bytes_total", "Memory allocated for objects, even if given back", static (writer, _) =>
                writer.Write(GC.GetTotalAllocatedBytes())),
        FamilyOf<ProcessMetrics>.Gauge(
            "dotnet_gc_heap_bytes", "Memory of objects, dead ones included", static (writer, _) =>
                writer.Write(GC.GetTotalMemory(forceFullCollection: false))),
    ];

    private readonly double _startedAt;

    /// <summary>Looks when the process was started.</summary>
    public ProcessMetrics()
    {
        using var process = Process.GetCurrentProcess();
        _startedAt = new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1e3;
    }

    /// <inheritdoc/>
    public void WriteTo(IFormatWriter writer)
    {
        foreach (var family in Families)
        {
            family.WriteAll(writer, this);
        }
    }

    private static int CountOpenFiles() => Directory.EnumerateFileSystemEntries("/proc/self/fd").Count();
}
