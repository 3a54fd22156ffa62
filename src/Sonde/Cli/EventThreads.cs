namespace Sonde.Cli;

/// <summary>How .NET goes on when a socket has something to tell.</summary>
internal static class EventThreads
{
    /// <summary>
    /// Has what awaits a socket go on where its event was seen, instead of on another thread that must be woken first:
    /// that wake-up was a third of what an HTTP probe costs, and late by as much. Before the first socket (ADR 0014).
    /// </summary>
    /// <remarks>
    /// .NET reads this variable once, at its first socket (SocketAsyncEngine); there is no setting in the
    /// runtime configuration. Pages are not served there: Kestrel goes on in the thread pool.
    /// </remarks>
    public static void ContinueInPlace() =>
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
}
