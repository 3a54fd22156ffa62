using System.Diagnostics;

namespace Sonde.SystemTests.Lab;

/// <summary>Runs ip(8) of iproute2.</summary>
internal static class IpCommand
{
    /// <summary>
    /// Runs the lines one after the other, in the named network namespace or in this one; stops at the first that
    /// fails.
    /// </summary>
    /// <returns>Null when all succeeded, else what ip said.</returns>
    public static string? TryRun(string? networkNamespace, params string[] lines)
    {
        var start = new ProcessStartInfo("ip") { RedirectStandardInput = true, RedirectStandardError = true };
        if (networkNamespace is not null)
        {
            start.ArgumentList.Add("-n");
            start.ArgumentList.Add(networkNamespace);
        }
        start.ArgumentList.Add("-batch");
        start.ArgumentList.Add("-");
        using var process = Process.Start(start) ?? throw new InvalidOperationException("ip did not start");
        process.StandardInput.Write(string.Join('\n', lines) + "\n");
        process.StandardInput.Close();
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : said.Trim();
    }

    /// <exception cref="InvalidOperationException">ip failed; the message is its own.</exception>
    public static void Run(string? networkNamespace, params string[] lines)
    {
        if (TryRun(networkNamespace, lines) is { } said)
        {
            throw new InvalidOperationException($"ip {string.Join("; ", lines)}: {said}");
        }
    }
}
