using Xunit;

namespace Sonde.SystemTests.Executable;

/// <summary>A file system in memory of the test's own, mounted on a folder until it is disposed.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly string _folder;

    private SmallDisk(string folder) => _folder = folder;

    private string Ballast => Path.Combine(_folder, "ballast");

    /// <summary>Mounts it, or skips the test.</summary>
    public static async Task<SmallDisk> MountOrSkipAsync(string folder, string size)
    {
        Directory.CreateDirectory(folder);
        var mounted = await RunAsync("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", folder);
        Assert.SkipUnless(mounted.ExitCode == 0, $"mounting a file system needs root: {mounted.Errors}");
        return new SmallDisk(folder);
    }

    /// <summary>Takes all the room that is left.</summary>
    public void Fill()
    {
        using var ballast = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, 0);
        Assert.ThrowsAny<IOException>((Action)(() =>
        {
            while (true)
            {
                ballast.Write(new byte[4_096]);
            }
        }));
    }

    /// <summary>Gives the room back.</summary>
    public void Free() => File.Delete(Ballast);

    /// <summary>Mounts it again: <c>ro</c> or <c>rw</c>.</summary>
    public async Task RemountAsync(string mode)
    {
        var mounted = await RunAsync("mount", "-o", $"remount,{mode}", _folder);
        Assert.True(mounted.ExitCode == 0, mounted.Errors);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await RunAsync("umount", "-l", _folder);

    private static Task<SondeCommand> RunAsync(string program, params string[] arguments) =>
        SondeCommand.RunProgramAsync(program, arguments, null, CancellationToken.None);
}
