using System.Runtime.InteropServices;
using System.Text;

namespace Sonde.Measurement.Files;

/// <summary>
/// Which file it is, whatever its name: device and number on it. As long as the file is open no other one gets the
/// same.
/// </summary>
public readonly record struct FileIdentity(ulong Device, ulong Number)
{
    /// <summary>The file or directory that a path names now; null when there is none or it must not be seen.</summary>
    public static FileIdentity? Of(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Read(LibCFiles.CurrentDirectory, Encoding.UTF8.GetBytes(path + '\0'), 0);
    }

    /// <summary>The file that is open; null when the system does not say.</summary>
    public static FileIdentity? Of(SafeHandle open)
    {
        ArgumentNullException.ThrowIfNull(open);
        return Read((int)open.DangerousGetHandle(), "\0"u8, LibCFiles.OfDescriptor);
    }

    private static unsafe FileIdentity? Read(int directory, ReadOnlySpan<byte> path, int flags)
    {
        LibCFiles.Status status;
        fixed (byte* name = path)
        {
            return LibCFiles.ReadStatus(directory, name, flags, LibCFiles.NumberWanted, &status) == 0
                ? new FileIdentity(((ulong)status.DeviceMajor << 32) | status.DeviceMinor, status.Number)
                : null;
        }
    }
}
