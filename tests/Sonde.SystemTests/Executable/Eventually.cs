using System.Diagnostics;

namespace Sonde.SystemTests.Executable;

/// <summary>Waits until another process has come to something that can only be looked at, with a bound.</summary>
internal static class Eventually
{
    /// <summary>How long it waits at most: far longer than anything here takes, also on a busy machine.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    /// <summary>Looks until <paramref name="look"/> gives something.</summary>
    /// <param name="look">Gives null as long as it is not there.</param>
    /// <param name="what">What is waited for, for the message.</param>
    /// <param name="explain">What to add to the message when it never comes; null = nothing.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static async Task<T> FindAsync<T>(
        Func<Task<T?>> look, string what, Func<string>? explain, CancellationToken cancellation)
        where T : class
    {
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < Bound)
        {
            if (await look() is { } found)
            {
                return found;
            }
            await Task.Delay(LookEvery, cancellation);
        }
        throw new TimeoutException($"After {waited.Elapsed.TotalSeconds:F0} s still not: {what}\n{explain?.Invoke()}");
    }

    /// <summary>Looks until <paramref name="isSo"/> is true.</summary>
    public static Task BecomesTrueAsync(
        Func<Task<bool>> isSo, string what, Func<string>? explain, CancellationToken cancellation) =>
        FindAsync(async () => await isSo() ? "" : null, what, explain, cancellation);
}
