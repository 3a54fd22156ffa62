namespace Sonde.Charts;

/// <summary>Which targets to show; null = does not matter.</summary>
/// <param name="Text">Part of the name, address, group, region or a tag; case does not matter.</param>
/// <param name="State">The state's word.</param>
/// <param name="Tag">A tag.</param>
/// <param name="Region">A region.</param>
/// <param name="Kind">The kind's word.</param>
internal sealed record TargetFilter(
    string? Text = null, string? State = null, string? Tag = null, string? Region = null, string? Kind = null)
{
    /// <summary>The longest text that is looked for.</summary>
    public const int MaxLength = 200;

    /// <summary>The words of states, the worst first.</summary>
    public static readonly string[] States = ["down", "degraded", "unknown", "up"];

    /// <summary>True when it lets everything through.</summary>
    public bool IsEmpty => this == new TargetFilter();

    /// <summary>Makes a filter of what stands in a query: blanks mean nothing.</summary>
    public static TargetFilter FromQuery(string? text, string? state, string? tag, string? region, string? kind) =>
        new(Clean(text), Clean(state), Clean(tag), Clean(region), Clean(kind));

    /// <summary>True when the target is to be shown.</summary>
    public bool Passes(TargetRow row) =>
        (State is null || row.State == State)
        && (Kind is null || row.Kind == Kind)
        && (Region is null || row.Region == Region)
        && (Tag is null || row.Tags.Contains(Tag))
        && (Text is null || Says(row.Name) || Says(row.Address) || Says(row.Id) || Says(row.Group) || Says(row.Region)
            || row.Tags.Any(Says));

    private bool Says(string? words) => words?.Contains(Text!, StringComparison.OrdinalIgnoreCase) ?? false;

    private static string? Clean(string? value) =>
        value?.Trim() is not { Length: > 0 } text ? null : text.Length > MaxLength ? text[..MaxLength] : text;
}
