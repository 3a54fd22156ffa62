using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Sonde.Measurement;
using Sonde.Measurement.Dns;
using Sonde.Measurement.Timing;

namespace Sonde.Benchmarks.Peers;

/// <summary>
/// The figure of DNS: 2,000 queries a second on loopback, how many are lost, and the CPU of this whole process. The name
/// server is another process, whose CPU is not counted: this program again with <see cref="ServerArgument"/>.
/// </summary>
internal static class DnsQueryFigure
{
    /// <summary>
    /// The first argument that makes this program the name server; it prints its port and lives until its input ends.
    /// </summary>
    public const string ServerArgument = "dns-server";

    private const int QueriesPerSecond = 2000;
    private const int HeaderLength = 12;
    private const long Nanosecond = 1_000_000_000;

    /// <summary>Asks for <paramref name="duration"/> after a second of warming up.</summary>
    public static Row Run(TimeSpan duration)
    {
        using var server = StartServer();
        try
        {
            var port = int.Parse(server.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
            _ = Measure(port, QueriesPerSecond);
            return Measure(port, (int)(duration.TotalSeconds * QueriesPerSecond));
        }
        finally
        {
            server.StandardInput.Close();
            server.WaitForExit();
        }
    }

    /// <summary>Answers every query on loopback with an address until the standard input ends.</summary>
    public static void Serve()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.ReceiveBufferSize = 4 << 20;
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        new Thread(() => Answer(socket)) { IsBackground = true }.Start();
        Console.WriteLine(((IPEndPoint)socket.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture));
        _ = Console.In.ReadToEnd();
    }

    /// <summary>Header and question as they came, as a response with one record behind them.</summary>
    private static void Answer(Socket socket)
    {
        // A pointer to the question's name, A, IN, a minute, 192.0.2.1.
        ReadOnlySpan<byte> record = [0xC0, HeaderLength, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1];
        SocketAddress asker = new(AddressFamily.InterNetwork);
        Span<byte> message = stackalloc byte[512];
        try
        {
            while (true)
            {
                _ = socket.ReceiveFrom(message, SocketFlags.None, asker);
                var questionEnd = HeaderLength + message[HeaderLength..].IndexOf((byte)0) + 5;
                message[2] |= 0x80;
                message[7] = 1;    // one answer,
                message[11] = 0;   // and no EDNS
                record.CopyTo(message[questionEnd..]);
                _ = socket.SendTo(message[..(questionEnd + record.Length)], SocketFlags.None, asker);
            }
        }
        catch (SocketException)
        {
            return;   // the socket was closed
        }
    }

    private static Process StartServer()
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
        start.ArgumentList.Add(ServerArgument);
        return Process.Start(start)!;
    }

    private static Row Measure(int port, int queries)
    {
        MeasurementClock clock = new();
        Observer observer = new();
        using DnsProber prober = new(clock, observer);
        using WakeableWait wait = new();
        DnsTarget target = new(
            IPAddress.Loopback, TimeSpan.FromSeconds(1),
            new DnsQuestion(DnsName.TryParse("example.org", out var name) ? name : DnsName.Root, DnsRecordType.A), port);
        using var process = Process.GetCurrentProcess();
        var cpuBefore = process.TotalProcessorTime;
        var start = clock.Now;
        var begun = 0;
        while (observer.Ended < queries)
        {
            while (begun < queries && start + (begun * (Nanosecond / QueriesPerSecond)) <= clock.Now)
            {
                prober.Begin(begun++, target);
            }
            var due = begun < queries ? start + (begun * (Nanosecond / QueriesPerSecond)) : long.MaxValue;
            var next = Math.Min(prober.Advance(), due);
            if (observer.Ended < queries)
            {
                wait.WaitUntil(next, clock.Now, [prober.WakeFileDescriptor]);
            }
        }
        process.Refresh();
        return observer.Summarize((process.TotalProcessorTime - cpuBefore) / queries);
    }

    /// <summary>What was measured.</summary>
    /// <param name="Lost">How many queries had no answer; the bar is 0.</param>
    /// <param name="Suspect">How many answers were marked suspect.</param>
    /// <param name="MedianMicroseconds">The median of the round-trip times.</param>
    /// <param name="CpuMicroseconds">CPU of this process, user and system, for one query; the bar is 100.</param>
    internal sealed record Row(int Lost, int Suspect, double MedianMicroseconds, double CpuMicroseconds);

    private sealed class Observer : IProbeObserver
    {
        private readonly List<double> _times = [];
        private int _suspect;

        public int Ended { get; private set; }

        void IProbeObserver.Ended(long ticket, ProbeTarget target, in ProbeResult result)
        {
            Ended++;
            if (result.IsAnswered)
            {
                _times.Add(result.Rtt.Nanoseconds / 1e3);
                _suspect += result.IsSuspect ? 1 : 0;
            }
        }

        public void CameAgain(long ticket, ProbeTarget target) =>
            throw new InvalidOperationException("the name server answers once");

        public void CameLate(long ticket, ProbeTarget target)
        {
        }

        public Row Summarize(TimeSpan cpu) =>
            new(Ended - _times.Count, _suspect, Spread.Quantile(_times, 0.5), cpu.TotalMicroseconds);
    }
}
