using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Sonde.Benchmarks.Peers;

/// <summary>
/// Debian's PostgreSQL with its usual settings on a free port of 127.0.0.1, its commits durable; gone when disposed.
/// </summary>
internal sealed class LocalPostgres : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sonde-bench-postgres-").FullName;

    private readonly string _programs = Directory.GetDirectories("/usr/lib/postgresql")
        .Select(version => Path.Combine(version, "bin")).Order().Last();

    private readonly int _port = FreePort();

    public LocalPostgres()
    {
        if (Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder, (UnixFileMode)0b111_111_111);   // it is another user who writes here
        }
        Run("initdb", "-D", Data, "-U", "sonde", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8");
        File.AppendAllText(
            Path.Combine(Data, "postgresql.conf"),
            string.Create(CultureInfo.InvariantCulture,
                $"\nlisten_addresses='127.0.0.1'\nport={_port}\nunix_socket_directories=''\n"));
        Run("pg_ctl", "start", "-D", Data, "-w", "-s", "-l", Path.Combine(_folder, "log"));
        Run("createdb", "-h", "127.0.0.1", "-p", _port.ToString(CultureInfo.InvariantCulture), "-U", "sonde", "sonde");
    }

    /// <summary>The database for Npgsql.</summary>
    public string ConnectionString => string.Create(
        CultureInfo.InvariantCulture, $"Host=127.0.0.1:{_port};Username=sonde;Database=sonde");

    private string Data => Path.Combine(_folder, "data");

    /// <inheritdoc/>
    public void Dispose()
    {
        Run("pg_ctl", "stop", "-D", Data, "-m", "immediate", "-w", "-s");
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    // it refuses to run as root
    private void Run(string program, params string[] arguments)
    {
        string[] words = [Path.Combine(_programs, program), .. arguments];
        if (Environment.IsPrivilegedProcess)
        {
            words = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--", .. words];
        }
        using var process = Process.Start(new ProcessStartInfo(
            "/bin/sh", ["-c", "exec \"$@\" > \"$0\" 2>&1 < /dev/null", Path.Combine(_folder, "out"), .. words])
        {
            WorkingDirectory = _folder,
        })!;
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(
                $"{program} ended with {process.ExitCode}: {File.ReadAllText(Path.Combine(_folder, "out"))}");
        }
    }
}
