using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Sonde.Measurement;
using Sonde.Measurement.Tcp;
using Sonde.Measurement.Timing;

namespace Sonde.Benchmarks.Peers;

/// <summary>
/// The figure of TCP: 1,000 connects a second on loopback, how far the reported time lies above the kernel's, and the
/// CPU of this whole process. The listener is another process: this program again with <see cref="ListenerArgument"/>.
/// </summary>
internal static partial class TcpConnectFigure
{
    /// <summary>
    /// The first argument that makes this program the listener; it prints its port and lives until its input ends.
    /// </summary>
    public const string ListenerArgument = "tcp-listener";

    private const int ConnectsPerSecond = 1000;
    private const long Nanosecond = 1_000_000_000;

    /// <summary>Connects for <paramref name="duration"/> (10 s by default) after a second of warming up.</summary>
    public static Row Run(TimeSpan? duration = null)
    {
        using var listener = StartListener();
        try
        {
            var port = int.Parse(listener.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
            _ = Measure(port, ConnectsPerSecond);
            return Measure(port, (int)((duration ?? TimeSpan.FromSeconds(10)).TotalSeconds * ConnectsPerSecond));
        }
        finally
        {
            listener.StandardInput.Close();
            listener.WaitForExit();
        }
    }

    /// <summary>Accepts and closes on loopback until the standard input ends.</summary>
    public static void Listen()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(4096);
        Thread accepting = new(() => Accept(listener)) { IsBackground = true };
        accepting.Start();
        Console.WriteLine(((IPEndPoint)listener.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture));
        _ = Console.In.ReadToEnd();
    }

    private static void Accept(Socket listener)
    {
        try
        {
            while (true)
            {
                listener.Accept().Dispose();
            }
        }
        catch (SocketException)
        {
            return;   // the listener was closed
        }
    }

    private static Process StartListener()
    {
        ProcessStartInfo start = new(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        }
        start.ArgumentList.Add(ListenerArgument);
        return Process.Start(start)!;
    }

    private static Row Measure(int port, int connects)
    {
        MeasurementClock clock = new();
        Observer observer = new(connects);
        using TcpProber prober = new(clock, observer);
        observer.Prober = prober;
        TcpTarget target = new(IPAddress.Loopback, port, TimeSpan.FromSeconds(1));
        using var process = Process.GetCurrentProcess();
        var cpuBefore = process.TotalProcessorTime;
        var start = clock.Now;
        for (var begun = 0; begun < connects;)
        {
            while (begun < connects && start + (begun * (Nanosecond / ConnectsPerSecond)) <= clock.Now)
            {
                prober.Begin(begun++, target);
            }
            var next = Math.Min(prober.Advance(), start + (begun * (Nanosecond / ConnectsPerSecond)));
            Sleep(prober.WakeFileDescriptor, next - clock.Now);
        }
        process.Refresh();
        return observer.Summarize((process.TotalProcessorTime - cpuBefore) / connects);
    }

    private static unsafe void Sleep(int wakeDescriptor, long nanoseconds)
    {
        if (nanoseconds > 0)
        {
            PollEntry entry = new() { Descriptor = wakeDescriptor, Events = 1 };
            TimeSpec timeout = new() { Seconds = nanoseconds / Nanosecond, Nanoseconds = nanoseconds % Nanosecond };
            _ = Poll(&entry, 1, &timeout, null);
        }
    }

    [LibraryImport("libc", EntryPoint = "ppoll")]
    private static unsafe partial int Poll(PollEntry* entries, nuint count, TimeSpec* timeout, void* signals);

    /// <summary>What was measured.</summary>
    /// <param name="Connects">How many connects were begun.</param>
    /// <param name="Answered">How many of them were answered; fewer is a fault of the run.</param>
    /// <param name="Suspect">How many of those were marked suspect.</param>
    /// <param name="MedianErrorMicroseconds">The median of reported − tcpi_rtt.</param>
    /// <param name="P99ErrorMicroseconds">The 99th percentile of it; the bar is 300.</param>
    /// <param name="CpuMicroseconds">CPU of this process, user and system, for one connect; the bar is 150.</param>
    internal sealed record Row(
        int Connects,
        int Answered,
        int Suspect,
        double MedianErrorMicroseconds,
        double P99ErrorMicroseconds,
        double CpuMicroseconds)
    {
        /// <summary>True when every bar is kept.</summary>
        public bool IsKept => Answered == Connects && P99ErrorMicroseconds <= 300 && CpuMicroseconds <= 150;

        /// <inheritdoc/>
        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture,
            $"TCP, {ConnectsPerSecond} connects/s: {Answered} of {Connects} answered, {Suspect} suspect; " +
            $"reported − tcpi_rtt p50 {MedianErrorMicroseconds:F1} µs, p99 {P99ErrorMicroseconds:F1} µs; " +
            $"CPU {CpuMicroseconds:F1} µs a connect");
    }

    private sealed class Observer(int connects) : IProbeObserver
    {
        private readonly List<long> _errors = new(connects);
        private int _suspect;

        public TcpProber? Prober { get; set; }

        public void Ended(long ticket, ProbeTarget target, in ProbeResult result)
        {
            if (result.IsAnswered && Prober!.KernelRtt is { } kernel)
            {
                _errors.Add(result.Rtt.Nanoseconds - kernel.Nanoseconds);
                _suspect += result.IsSuspect ? 1 : 0;
            }
        }

        public void CameAgain(long ticket, ProbeTarget target) =>
            throw new InvalidOperationException("a connection is made once");

        public void CameLate(long ticket, ProbeTarget target)
        {
        }

        public Row Summarize(TimeSpan cpu)
        {
            _errors.Sort();
            return new Row(connects, _errors.Count, _suspect, Quantile(0.5), Quantile(0.99), cpu.TotalMicroseconds);
        }

        private double Quantile(double share) =>
            _errors.Count == 0 ? double.NaN : _errors[(int)(share * (_errors.Count - 1))] / 1000.0;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
