using System.Net;
using Sonde.SystemTests.Lab;

namespace Sonde.Benchmarks.Peers;

/// <summary>
/// A way to this machine itself on which each SYN waits: a TUN device whose packets come back with their addresses
/// swapped, so that who connects to <see cref="Far"/> reaches who listens on <see cref="Near"/>.
/// </summary>
/// <remarks>Swapping source and destination leaves all checksums right (RFC 1071).</remarks>
internal sealed class DelayedConnects : IDisposable
{
    private readonly TunDevice _device;
    private readonly ExactDelay _delay;
    private readonly Thread _thread;
    private volatile bool _isOver;

    /// <summary>Makes the device, which needs root.</summary>
    public DelayedConnects(TimeSpan delay)
    {
        _delay = new ExactDelay(delay);
        _device = TunDevice.Create($"sondesyn{Environment.ProcessId % 1_000_000}");
        IpCommand.Run(null, $"addr add {Near}/30 dev {_device.Name}", $"link set {_device.Name} up");
        _thread = new Thread(Reflect) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>This machine's address on the device (RFC 2544's network for benchmarks).</summary>
    public static IPAddress Near { get; } = new([198, 18, 77, 1]);

    /// <summary>The address to connect to.</summary>
    public static IPAddress Far { get; } = new([198, 18, 77, 2]);

    /// <summary>Whether SYNs wait.</summary>
    public bool IsOn { get; set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isOver = true;
        _thread.Join();
        _device.Dispose();
        _delay.Dispose();
    }

    private void Reflect()
    {
        const byte tcp = 6;
        const byte syn = 2;
        Span<byte> packet = stackalloc byte[2048];
        Span<byte> source = stackalloc byte[4];
        while (!_isOver)
        {
            var length = _device.Read(packet);
            if (length == 0)
            {
                _device.WaitReadable(50_000_000);
                continue;
            }
            var header = (packet[0] & 0xf) * 4;
            if (packet[0] >> 4 != 4 || packet[9] != tcp || length < header + 20)
            {
                continue;
            }
            if (IsOn && packet[header + 13] == syn)
            {
                _delay.Wait();
            }
            packet[12..16].CopyTo(source);
            packet[16..20].CopyTo(packet[12..]);
            source.CopyTo(packet[16..]);
            _ = _device.Write(packet[..length]);
        }
    }
}
