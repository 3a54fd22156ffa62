using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Sonde.Probing;

/// <summary>What the resolver said of a name.</summary>
/// <param name="Addresses">
/// Its addresses in the order of preference; empty when it has none, null when the resolver did not answer.
/// </param>
/// <param name="Problem">
/// That it does not exist, or that the resolver does not answer, in words; null when it exists, also without an
/// address.
/// </param>
internal sealed record ResolvedName(IPAddress[]? Addresses, string? Problem);

/// <summary>
/// Resolves the names of targets at once and then every minute, a few at a time, apart from the measuring: a dead
/// resolver stops nobody. When it does not answer, the last good address serves on.
/// </summary>
internal sealed class NameResolution(TimeProvider time) : IDisposable
{
    /// <summary>Time between two resolutions of a name: 60 s.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(60);

    private const int AtOnce = 8;
    private const int LongestName = 254; // RFC 1035 section 2.3.4, with the dot at its end
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>After a resolution that the resolver did not answer: a machine that boots has no network yet.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Action<ResolvedName>> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly SemaphoreSlim _changed = new(0, 1);

    /// <summary>The names from now on, each with whom to tell what it resolves to. Any thread.</summary>
    public void SetNames(IReadOnlyDictionary<string, Action<ResolvedName>> names)
    {
        foreach (var gone in _names.Keys.Where(name => !names.ContainsKey(name)))
        {
            _names.TryRemove(gone, out _);
        }
        foreach (var (name, tell) in names)
        {
            _names[name] = tell;
        }
        if (_changed.CurrentCount == 0)
        {
            _changed.Release();
        }
    }

    /// <summary>Resolves until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            _ = await _changed.WaitAsync(0, cancellationToken); // the names as they are now are resolved in this turn
            var hasFailed = false;
            await Parallel.ForEachAsync(
                _names, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
                async (name, token) =>
                {
                    var resolved = await ResolveAsync(name.Key, token);
                    Volatile.Write(ref hasFailed, Volatile.Read(ref hasFailed) || resolved.Addresses is null);
                    name.Value(resolved);
                });
            using var sleep = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(Task.Delay(hasFailed ? RetryInterval : Interval, time, sleep.Token),
                _changed.WaitAsync(sleep.Token));
            await sleep.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _changed.Dispose();

    /// <summary>Asks the system's resolver once.</summary>
    public async Task<ResolvedName> ResolveAsync(string name, CancellationToken cancellationToken)
    {
        if (name.Length is 0 or > LongestName)
        {
            return new ResolvedName([], $"'{name}' is no name: names have 1 to {LongestName} characters");
        }
        try
        {
            var asking = Dns.GetHostAddressesAsync(name, cancellationToken);
            var addresses = await asking.WaitAsync(Patience, time, cancellationToken);
            return new ResolvedName(addresses, null);
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.NoData)
        {
            return new ResolvedName([], null);
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.HostNotFound)
        {
            return new ResolvedName([], $"the name {name} does not exist");
        }
        catch (Exception error) when (error is SocketException or TimeoutException)
        {
            return new ResolvedName(null, $"the resolver does not answer for {name}");
        }
    }
}
