using Sonde.Measurement.Files;
using Sonde.Samples;

namespace Sonde.Storage;

/// <summary>The data directory, held by this process alone until disposed.</summary>
/// <remarks>
/// The lock is an advisory one (flock(2)) on a file that stays behind: it ends with the process, however that ends, and
/// works in a container whose process ids mean nothing outside.
/// </remarks>
internal sealed class StoreDirectory : IDisposable
{
    private const string LockName = "sonde.lock";

    // What .NET gives when flock(2) answers EWOULDBLOCK.
    private const int WouldBlock = 11;

    private readonly FileStream _lock;
    private readonly FileIdentity? _identity;

    private StoreDirectory(FileStream held) =>
        (_lock, _identity) = (held, FileIdentity.Of(held.SafeFileHandle));

    /// <summary>False when the directory, or the lock in it, was removed or is another one now.</summary>
    public bool IsInPlace => FileIdentity.Of(_lock.Name) == _identity;

    /// <summary>Makes the directory if need be, and takes it.</summary>
    /// <exception cref="StoreRefusedException">Another process has it.</exception>
    /// <exception cref="StoreUnavailableException">It cannot be made or written.</exception>
    public static StoreDirectory Take(string path)
    {
        try
        {
            Make(path);
            return new StoreDirectory(new FileStream(
                Path.Combine(path, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException error) when (error.HResult == WouldBlock)
        {
            throw new StoreRefusedException(
                $"Another sonde process uses the data directory {path}. " +
                "End that one, or give this one its own with --data DIR.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new StoreUnavailableException(Sentence(path, error), error);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static void Make(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }
        Directory.CreateDirectory(
            path,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute |
            UnixFileMode.GroupRead | UnixFileMode.GroupExecute);
    }

    private static string Sentence(string path, Exception error) => error is UnauthorizedAccessException
        ? $"The data directory {path} cannot be written by this user: give it away with chown, " +
          "or choose another with --data DIR."
        : File.Exists(path)
        ? $"The data directory {path} is a file, not a directory: move it away, or choose another with --data DIR."
        : $"The data directory {path} cannot be written ({error.Message.TrimEnd('.')}): free space, " +
          "mount it writable, or choose another with --data DIR.";
}
