using System.Globalization;

namespace Sonde.SystemTests.Lab;

/// <summary>
/// Thousands of hosts on a device of this process: what is sent to <c>10.N.0.0/16</c> or <c>fd66:0:0:N::/64</c> is
/// answered as the scenario says, at the time that it says, and the wire tap keeps when it truly happened. N is the
/// first free of 66 to 129.
/// </summary>
/// <remarks>Needs root and /dev/net/tun. Nothing leaves the machine: the routes end at the device, which goes with the
/// process.</remarks>
internal sealed class SimulatedNetwork : IDisposable
{
    private const byte FirstNetwork = 66;
    private const byte LastNetwork = 129;
    private static int _made;
    private readonly TunDevice _device;
    private readonly NetworkNamespace? _namespace;

    private SimulatedNetwork(SimulatedNetworkOptions options)
    {
        var name = string.Create(
            CultureInfo.InvariantCulture, $"lab{Environment.ProcessId}x{Interlocked.Increment(ref _made)}");
        _namespace = options.Namespace is { } wanted ? new NetworkNamespace(wanted) : null;
        _device = RunInside(() => TunDevice.Create(name));
        Addresses = TakeAddresses();
        Hosts = new SimulatedHosts(options.Others);
        Wire = RunInside(() => new WireTap(_device, 2 * options.RecordedPackets));
        Responder = new Responder(_device, Hosts, Addresses, options);
    }

    /// <summary>Its addresses.</summary>
    public LabAddresses Addresses { get; }

    /// <summary>Who behaves how.</summary>
    public SimulatedHosts Hosts { get; }

    /// <summary>What crossed the device, and when.</summary>
    public WireTap Wire { get; }

    /// <summary>What was sent, and how late.</summary>
    public Responder Responder { get; }

    /// <summary>The device's name.</summary>
    public string Device => _device.Name;

    /// <summary>Makes the device and begins to play.</summary>
    public static SimulatedNetwork Start(SimulatedNetworkOptions? options = null)
    {
        var network = new SimulatedNetwork(options ?? new SimulatedNetworkOptions());
        network.AwaitStamps();
        return network;
    }

    /// <summary>Why no simulated network can be made here; null = it can.</summary>
    public static string? FindObstacle() =>
        !OperatingSystem.IsLinux() ? "the simulated network needs Linux"
        : LibC.EffectiveUser() != 0 ? "the simulated network needs root"
        : !File.Exists("/dev/net/tun") ? "the simulated network needs /dev/net/tun"
        : null;

    /// <summary>
    /// Runs <paramref name="make"/> where the device is: on a thread in its namespace, or at once when it has none.
    /// </summary>
    public T RunInside<T>(Func<T> make) => _namespace is null ? make() : _namespace.Run(make);

    /// <inheritdoc/>
    public void Dispose()
    {
        Responder.Dispose();
        Wire.Dispose();
        _device.Dispose();
        _namespace?.Dispose();
    }

    /// <summary>
    /// Takes the first network whose route is free; the kernel refuses a second route to the same prefix, so two
    /// programs never get the same.
    /// </summary>
    private LabAddresses TakeAddresses()
    {
        // As long as a device may be, so that 65,000 bytes go in one piece, and with a queue for a burst to all hosts.
        IpCommand.Run(
            _namespace?.Name,
            $"link set {_device.Name} addrgenmode none mtu 65535 txqueuelen 65536",
            $"link set {_device.Name} up");
        for (var network = FirstNetwork; network <= LastNetwork; network++)
        {
            var addresses = new LabAddresses(network);
            var taken = IpCommand.TryRun(_namespace?.Name, $"route add {addresses.Prefix4} dev {_device.Name}");
            if (taken is null)
            {
                IpCommand.Run(
                    _namespace?.Name,
                    $"addr add {addresses.Own4}/32 dev {_device.Name}",
                    $"route replace {addresses.Prefix4} dev {_device.Name} src {addresses.Own4}",
                    $"addr add {addresses.Own6}/128 dev {_device.Name} nodad",
                    $"route add {addresses.Prefix6} dev {_device.Name} src {addresses.Own6}");
                return addresses;
            }
            if (!taken.Contains("exists", StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"ip route add {addresses.Prefix4}: {taken}");
            }
        }
        throw new InvalidOperationException("every network from 10.66.0.0/16 to 10.129.0.0/16 is in use");
    }

    /// <summary>
    /// The kernel begins to stamp a while after the first socket has asked for it, and gives packets from before then
    /// the time at which they are read (__sock_recv_timestamp). A millisecond is usual; this waits far longer.
    /// </summary>
    private void AwaitStamps() => Thread.CurrentThread.Join(TimeSpan.FromMilliseconds(50));
}
