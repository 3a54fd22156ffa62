using System.Diagnostics;

namespace Sonde.Tests.Configuration;

/// <summary>A directory of its own for one test, gone with it.</summary>
internal sealed class ScratchDirectory : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sonde-test-");

    public string Path => _directory.FullName;

    public string Write(string name, string text)
    {
        var path = System.IO.Path.Combine(Path, name);
        File.WriteAllText(path, text);
        return path;
    }

    public string Write(string name, byte[] bytes)
    {
        var path = System.IO.Path.Combine(Path, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>A named pipe that nobody writes to.</summary>
    public string MakePipe(string name)
    {
        var path = System.IO.Path.Combine(Path, name);
        using var process = Process.Start("mkfifo", [path]);
        process.WaitForExit();
        return path;
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
