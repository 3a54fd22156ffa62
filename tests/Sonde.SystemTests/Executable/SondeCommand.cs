using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Sonde.SystemTests.Executable;

/// <summary>What a verb that ends by itself left.</summary>
/// <param name="ExitCode">The exit code.</param>
/// <param name="Output">What stood on stdout: data.</param>
/// <param name="Errors">What stood on stderr: messages.</param>
internal sealed record SondeCommand(int ExitCode, string Output, string Errors)
{
    /// <summary>The lines of the output.</summary>
    public IReadOnlyList<string> Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The lines of the output, each a JSON object.</summary>
    public IReadOnlyList<JsonElement> Objects => [.. Lines.Select(line => JsonDocument.Parse(line).RootElement)];

    /// <summary>Runs <c>sonde</c> with the arguments to its end.</summary>
    public static Task<SondeCommand> RunAsync(CancellationToken cancellation, params IEnumerable<string> arguments) =>
        RunProgramAsync(SondeExecutable.PathOrSkip(), arguments, null, cancellation);

    /// <summary>Runs any program to its end.</summary>
    public static async Task<SondeCommand> RunProgramAsync(
        string program, IEnumerable<string> arguments, string? directory, CancellationToken cancellation)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bound.CancelAfter(Eventually.Bound);
        using var process = Process.Start(Describe(program, arguments, directory))!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(bound.Token);
            var errors = process.StandardError.ReadToEndAsync(bound.Token);
            await process.WaitForExitAsync(bound.Token);
            return new SondeCommand(process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    /// <summary>How to start a program with both its streams read.</summary>
    public static ProcessStartInfo Describe(string program, IEnumerable<string> arguments, string? directory) =>
        new(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = directory ?? "",
        };
}
