namespace Sonde.Cli;

/// <summary>What the executable tells its caller (DESIGN: contract).</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The measurement or check failed.</summary>
    public const int Failed = 1;

    /// <summary>Bad usage or configuration.</summary>
    public const int BadUsage = 2;
}
