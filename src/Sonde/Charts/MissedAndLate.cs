namespace Sonde.Charts;

/// <summary>Says the rounds that were missed and the answers that came late; <c>target-figures.ts</c> says the
/// same.</summary>
internal static class MissedAndLate
{
    /// <summary>A line about the last hour; empty when there was neither.</summary>
    public static string Words(TargetRow row)
    {
        string[] parts = [Counted(row.MissedRounds, "round", "missed"), Counted(row.LateAnswers, "answer", "too late")];
        return string.Join(", ", parts.Where(part => part.Length > 0)) is { Length: > 0 } words
            ? $"{words} in the last hour"
            : "";
    }

    private static string Counted(long count, string one, string what) =>
        count == 0 ? "" : $"{Figure.Count(count)} {one}{(count == 1 ? "" : "s")} {what}";
}
