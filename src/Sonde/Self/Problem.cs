namespace Sonde.Self;

/// <summary>Something is wrong with this program, in words for people: it stands on the page, in the log and in
/// <c>/readyz</c>.</summary>
/// <param name="Title">What: a few words, for example <c>The configuration was refused</c>.</param>
/// <param name="Text">Why: a sentence, or a message as <c>FILE:LINE:COLUMN: message</c>; several stand on lines of
/// their own.</param>
/// <param name="Remedy">What to do: a command to type; null when the text says all.</param>
/// <param name="IsUnready">True when <c>/readyz</c> must answer 503 because of it.</param>
internal sealed record Problem(string Title, string Text, string? Remedy = null, bool IsUnready = true);

/// <summary>A part that knows whether it is well: the configuration, the store, the probers. Any thread; must not
/// wait.</summary>
internal interface IHealthSource
{
    /// <summary>What is wrong now; empty when all is well.</summary>
    IReadOnlyList<Problem> FindProblems();
}

/// <summary>What is wrong with any part, in the order in which the parts were added.</summary>
internal sealed class Health(IEnumerable<IHealthSource> sources)
{
    private readonly IHealthSource[] _sources = [.. sources];

    /// <summary>What is wrong now; empty when all is well.</summary>
    public IReadOnlyList<Problem> FindProblems() => [.. _sources.SelectMany(source => source.FindProblems())];
}
