using System.Text.Json;

namespace Sonde.SystemTests.Executable;

/// <summary>What tests ask of a row of <c>/api/v1/targets</c>.</summary>
internal static class TargetRows
{
    /// <summary>When its newest probe was sent; null = none yet.</summary>
    public static DateTimeOffset? LastSentAt(this JsonElement row) =>
        row.TryGetProperty("lastSentAt", out var at) && at.ValueKind == JsonValueKind.String
            ? at.GetDateTimeOffset()
            : null;

    /// <summary>up, degraded, down or unknown.</summary>
    public static string State(this JsonElement row) => row.GetProperty("state").GetString()!;

    /// <summary>Why it cannot be measured; null when it can.</summary>
    public static string? Problem(this JsonElement row) =>
        row.TryGetProperty("problem", out var problem) ? problem.GetString() : null;
}
