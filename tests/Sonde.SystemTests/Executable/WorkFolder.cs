using System.Globalization;

namespace Sonde.SystemTests.Executable;

/// <summary>A folder of the test's own with a configuration and a data directory; gone when it is disposed.</summary>
internal sealed class WorkFolder : IDisposable
{
    /// <summary>Makes it.</summary>
    /// <param name="configuration">What stands in <c>sonde.yaml</c>; null = there is none.</param>
    public WorkFolder(string? configuration = null)
    {
        FullPath = Directory.CreateTempSubdirectory("sonde-exe-").FullName;
        if (configuration is not null)
        {
            Write(configuration);
        }
    }

    /// <summary>Where it is.</summary>
    public string FullPath { get; }

    /// <summary>The configuration's file.</summary>
    public string ConfigurationFile => Path.Combine(FullPath, "sonde.yaml");

    /// <summary>The data directory.</summary>
    public string Data => Path.Combine(FullPath, "data");

    /// <summary>A file in it.</summary>
    public string this[string name] => Path.Combine(FullPath, name);

    /// <summary>Lines for a list of targets on loopback that all answer: 127.N.0.1, 127.N.0.2 and so on.</summary>
    public static string Loopback(int count, int second = 77, int from = 1) => string.Concat(
        Enumerable.Range(from, count).Select(n => string.Create(
            CultureInfo.InvariantCulture, $"  - host-{n}: 127.{second}.{n / 250}.{(n % 250) + 1}\n")));

    /// <summary>Replaces the configuration at one stroke, as editors do.</summary>
    public void Write(string configuration)
    {
        File.WriteAllText(this["new.yaml"], configuration);
        File.Move(this["new.yaml"], ConfigurationFile, overwrite: true);
    }

    /// <summary>Lets every user of this machine write here.</summary>
    public void OpenToAll()
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(FullPath, (UnixFileMode)0b111_111_111);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}
