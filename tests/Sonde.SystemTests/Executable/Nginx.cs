using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Sonde.SystemTests.Executable;

/// <summary>Debian's nginx as a user sets it up in front of Sonde under <c>/sonde/</c>.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    private const string Program = "/usr/sbin/nginx";
    private readonly Process _process;

    private Nginx(Process process, int port)
    {
        _process = process;
        Page = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/"), Timeout = Eventually.Bound };
    }

    /// <summary>Asks nginx.</summary>
    public HttpClient Page { get; }

    /// <summary>Starts it in front of the address, or skips the test where it is not installed.</summary>
    public static async Task<Nginx> StartOrSkipAsync(WorkFolder folder, Uri behind, CancellationToken cancellation)
    {
        Assert.SkipUnless(File.Exists(Program), "nginx is not installed");
        var port = FreePort();
        await File.WriteAllTextAsync(folder["nginx.conf"], Configuration(folder, behind, port), cancellation);
        var nginx = new Nginx(
            Process.Start(SondeCommand.Describe(
                Program, ["-p", folder.FullPath, "-c", folder["nginx.conf"], "-e", folder["nginx.log"]],
                folder.FullPath))!,
            port);
        await Eventually.BecomesTrueAsync(
            nginx.AnswersAsync, "nginx answers", () => File.ReadAllText(folder["nginx.log"]), cancellation);
        return nginx;
    }

    /// <summary>A port that nobody uses just now.</summary>
    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Signal.Send(_process, Signal.Terminate);
        }
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        Page.Dispose();
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var answer = await Page.GetAsync("/");
            return true;
        }
        catch (HttpRequestException)
        {
            return !_process.HasExited
                ? false
                : throw new InvalidOperationException($"nginx ended with {_process.ExitCode}");
        }
    }

    private static string Configuration(WorkFolder folder, Uri behind, int port) => string.Create(
        CultureInfo.InvariantCulture, $$"""
        daemon off;
        worker_processes 1;
        pid {{folder["nginx.pid"]}};
        events {}
        http {
          access_log off;
          client_body_temp_path {{folder["body"]}};
          proxy_temp_path {{folder["proxy"]}};
          fastcgi_temp_path {{folder["fastcgi"]}};
          uwsgi_temp_path {{folder["uwsgi"]}};
          scgi_temp_path {{folder["scgi"]}};
          server {
            listen 127.0.0.1:{{port}};
            location /sonde/ {
              proxy_pass {{behind.GetLeftPart(UriPartial.Authority)}}/;
              proxy_http_version 1.1;
              proxy_set_header Host $http_host;
              proxy_set_header X-Forwarded-For $remote_addr;
              proxy_set_header X-Forwarded-Proto $scheme;
              proxy_set_header X-Forwarded-Host $http_host;
            }
            location / { return 404; }
          }
        }
        """);
}
