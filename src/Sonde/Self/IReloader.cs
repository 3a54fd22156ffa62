namespace Sonde.Self;

/// <summary>Reads sonde.yaml again and brings it into force if it is good.</summary>
internal interface IReloader
{
    /// <summary>Reads, checks, and swaps in. A bad file changes nothing.</summary>
    /// <returns>Empty when it is in force; else what is wrong, each as <c>FILE:LINE:COLUMN: message</c>.</returns>
    ValueTask<IReadOnlyList<string>> ReloadAsync(CancellationToken cancellationToken);
}
