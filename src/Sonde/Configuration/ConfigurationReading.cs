using System.Collections.Immutable;
using Sonde.Configuration.Yaml;

namespace Sonde.Configuration;

/// <summary>What came of reading a configuration: a configuration, or everything that is wrong with it.</summary>
internal sealed record ConfigurationReading
{
    /// <summary>The file's name as the caller gave it, for messages.</summary>
    public required string File { get; init; }

    /// <summary>The configuration; null when there are problems.</summary>
    public SondeConfiguration? Configuration { get; init; }

    /// <summary>What is wrong, in the order of the file; empty when there is a configuration.</summary>
    public ImmutableArray<Problem> Problems { get; init; } = [];

    /// <summary>What kind of file it is.</summary>
    public ConfigurationForm Form { get; init; }

    /// <summary>The keys at the top level, in the order of the file.</summary>
    public ImmutableArray<string> TopLevelKeys { get; init; } = [];

    /// <summary>The problems as <c>FILE:LINE:COLUMN: message</c>.</summary>
    public ImmutableArray<string> Messages => [.. Problems.Select(problem => problem.ToText(File))];
}
