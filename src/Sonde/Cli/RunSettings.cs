using System.Net;
using Sonde.Configuration;

namespace Sonde.Cli;

/// <summary>What <c>sonde run</c> runs with: the file and the command line, checked.</summary>
/// <param name="File">The configuration's file; null with <c>--demo</c>.</param>
/// <param name="Start">The configuration to start with.</param>
/// <param name="Listen">What <c>--listen</c> says; null = what the file says.</param>
/// <param name="DataDirectory">The directory of data, as a full path.</param>
/// <param name="IsQuiet">True for a short status instead of a line a round.</param>
/// <param name="LogsJson">True for a log of JSON objects instead of text.</param>
internal sealed record RunSettings(
    string? File, SondeConfiguration Start, IPEndPoint? Listen, string DataDirectory, bool IsQuiet, bool LogsJson)
{
    /// <summary>Lays the command line over a configuration that was read from the file.</summary>
    public SondeConfiguration Adjust(SondeConfiguration configuration) =>
        Listen is null ? configuration : configuration with { Listen = Listen };
}
