using System.Runtime.ExceptionServices;
using Microsoft.Win32.SafeHandles;

namespace Sonde.SystemTests.Lab;

/// <summary>A network namespace of the lab's own, with a loopback that is up and nothing else. Programs run in it by
/// <c>ip netns exec NAME …</c>. Removed on disposal.</summary>
internal sealed class NetworkNamespace : IDisposable
{
    private const int CloneNewNetwork = 0x40000000;

    /// <summary>Makes the namespace. The name must be free.</summary>
    public NetworkNamespace(string name)
    {
        Name = name;
        IpCommand.Run(null, $"netns add {name}");
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
        IpCommand.Run(name, "link set lo up");
    }

    /// <summary>The name, as <c>ip netns</c> knows it.</summary>
    public string Name { get; }

    /// <summary>
    /// Runs <paramref name="make"/> inside, on a thread that ends with it: devices and sockets made there stay there.
    /// </summary>
    public T Run<T>(Func<T> make)
    {
        T? made = default;
        ExceptionDispatchInfo? fault = null;
        var thread = new Thread(() =>
        {
            try
            {
                using var file = new SafeFileHandle(
                    LibC.Check(LibC.Open($"/run/netns/{Name}", 0x80000), "open netns"), true);
                LibC.Check(LibC.EnterNamespace(file, CloneNewNetwork), "setns");
                made = make();
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                fault = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        fault?.Throw();
        return made!;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        IpCommand.TryRun(null, $"netns delete {Name}");
    }

    private void OnProcessExit(object? sender, EventArgs e) => Dispose();
}
