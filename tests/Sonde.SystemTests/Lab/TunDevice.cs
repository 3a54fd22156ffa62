using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Sonde.SystemTests.Lab;

/// <summary>
/// A network device whose other end is this process: what the kernel sends to it is read here, what is written here it
/// receives. It goes away with its descriptor, so also when the process is killed. See the kernel's networking/tuntap.
/// </summary>
internal sealed unsafe class TunDevice : IDisposable
{
    private const int ReadWriteNonBlocking = 0x2 | 0x800 | 0x80000;   // O_RDWR | O_NONBLOCK | O_CLOEXEC
    private const nuint SetInterface = 0x400454ca;                    // TUNSETIFF
    private const short TunWithoutPacketHeader = 0x1 | 0x1000;        // IFF_TUN | IFF_NO_PI
    private const int Again = 11;                                     // EAGAIN
    private readonly SafeFileHandle _file;

    private TunDevice(SafeFileHandle file, string name, int index)
    {
        _file = file;
        Name = name;
        Index = index;
    }

    /// <summary>The device's name, for example <c>lab1234x1</c>.</summary>
    public string Name { get; }

    /// <summary>The kernel's number of the device.</summary>
    public int Index { get; }

    /// <summary>
    /// Makes the device in the network namespace of the calling thread. It has no address yet and is down.
    /// </summary>
    /// <exception cref="Win32Exception">There is no TUN here, or it is not allowed.</exception>
    public static TunDevice Create(string name)
    {
        var file = new SafeFileHandle(
            LibC.Check(LibC.Open("/dev/net/tun", ReadWriteNonBlocking), "open /dev/net/tun"), true);
        var request = stackalloc byte[40];   // struct ifreq
        new Span<byte>(request, 40).Clear();
        Encoding.ASCII.GetBytes(name, new Span<byte>(request, 15));
        *(short*)(request + 16) = TunWithoutPacketHeader;
        LibC.Check(LibC.Control(file, SetInterface, request), "TUNSETIFF");
        return new TunDevice(file, name, (int)LibC.InterfaceIndex(name));
    }

    /// <summary>Reads one packet, from its IP header on.</summary>
    /// <returns>Its length; 0 when none waits.</returns>
    public int Read(Span<byte> packet)
    {
        fixed (byte* start = packet)
        {
            var length = LibC.Read(_file, start, (nuint)packet.Length);
            return length < 0 && Marshal.GetLastPInvokeError() == Again
                ? 0
                : LibC.Check(length, "read of the TUN device");
        }
    }

    /// <summary>Hands the kernel one packet.</summary>
    /// <returns>False when the kernel refuses it.</returns>
    public bool Write(ReadOnlySpan<byte> packet)
    {
        fixed (byte* start = packet)
        {
            return LibC.Write(_file, start, (nuint)packet.Length) == packet.Length;
        }
    }

    /// <summary>Waits until a packet can be read, or for so many nanoseconds.</summary>
    public void WaitReadable(long nanoseconds) => LibC.WaitReadable(_file, nanoseconds);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
