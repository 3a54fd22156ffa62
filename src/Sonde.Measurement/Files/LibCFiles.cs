using System.Runtime.InteropServices;

namespace Sonde.Measurement.Files;

/// <summary>statx(2), whose layout is the same on every architecture of Linux.</summary>
internal static unsafe partial class LibCFiles
{
    /// <summary>AT_FDCWD: a relative path begins at the current directory.</summary>
    public const int CurrentDirectory = -100;

    /// <summary>AT_EMPTY_PATH: the file is that of the descriptor.</summary>
    public const int OfDescriptor = 0x1000;

    /// <summary>STATX_INO; the device is always given.</summary>
    public const uint NumberWanted = 0x100;

    [LibraryImport("libc", EntryPoint = "statx")]
    public static partial int ReadStatus(int directory, byte* path, int flags, uint wanted, Status* status);

    /// <summary><c>struct statx</c>, 256 bytes; only what is read here.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    public struct Status
    {
        [FieldOffset(32)]
        public ulong Number;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}
