namespace Sonde.Configuration.Yaml;

/// <summary>What is wrong with a configuration, for people. Never holds a secret.</summary>
/// <param name="Place">Where in the text; null = the file as a whole.</param>
/// <param name="Message">One sentence without its full stop.</param>
internal sealed record Problem(Place? Place, string Message)
{
    /// <summary><c>FILE:LINE:COLUMN: message</c>, or <c>FILE: message</c> when it is the file as a whole.</summary>
    public string ToText(string file) =>
        Place is { } place ? $"{file}:{place.Line}:{place.Column}: {Message}" : $"{file}: {Message}";
}
