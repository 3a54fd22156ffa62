using System.Collections.Immutable;

namespace Sonde.Configuration;

/// <summary>The configuration in force, and the file that it is read from again. Any thread.</summary>
/// <remarks>
/// A reload swaps in a whole new configuration or changes nothing: a bad file leaves the one before in force.
/// </remarks>
internal sealed partial class ConfigurationFile : IDisposable
{
    private const int MostLoggedMessages = 20;

    private readonly string? _path;
    private readonly Func<SondeConfiguration, SondeConfiguration> _adjust;
    private readonly TimeProvider _time;
    private readonly ILogger<ConfigurationFile> _logger;
    private readonly SemaphoreSlim _reloading = new(1);
    private SondeConfiguration _current;
    private RefusedConfiguration? _lastProblem;
    private string? _readHash;
    private string? _lookedAtHash;
    private bool _wasLookedAt;
    private long _acceptedAtTicks;

    /// <summary>Begins with a configuration that was read before.</summary>
    /// <param name="path">The file to read again; null when there is none (<c>--demo</c>).</param>
    /// <param name="start">The configuration in force, already adjusted.</param>
    /// <param name="adjust">Lays the command line's options over each configuration that is read; null = none.</param>
    /// <param name="time">Says when a file was refused.</param>
    /// <param name="logger">One line a reload.</param>
    public ConfigurationFile(
        string? path,
        SondeConfiguration start,
        Func<SondeConfiguration, SondeConfiguration>? adjust,
        TimeProvider time,
        ILogger<ConfigurationFile> logger)
    {
        _path = path;
        _current = start;
        _adjust = adjust ?? (configuration => configuration);
        _time = time;
        _logger = logger;
        _acceptedAtTicks = time.GetUtcNow().UtcTicks;
    }

    /// <summary>
    /// Told after a new configuration came into force, never for one that says the same. One call at a time, in order;
    /// a handler must not reload.
    /// </summary>
    public event Action<ConfigurationChange>? Changed;

    /// <summary>The configuration in force.</summary>
    public SondeConfiguration Current => Volatile.Read(ref _current);

    /// <summary>Why the newest file was refused; null when the newest file is in force.</summary>
    public RefusedConfiguration? LastProblem => Volatile.Read(ref _lastProblem);

    /// <summary>When a file was last read and found good.</summary>
    public DateTimeOffset AcceptedAt => new(Interlocked.Read(ref _acceptedAtTicks), TimeSpan.Zero);

    /// <summary>Reads the file again now, with its variables and secret files, changed or not.</summary>
    public async Task<ReloadResult> ReloadAsync(CancellationToken cancellationToken)
    {
        await _reloading.WaitAsync(cancellationToken);
        try
        {
            return _path is null
                ? new ReloadResult(["Sonde was started without a configuration file"], [])
                : Reload_NeedsLock(_path);
        }
        finally
        {
            _reloading.Release();
        }
    }

    /// <summary>Reads the file again if it says something new, and said the same at the call before.</summary>
    /// <remarks>Waiting for a second equal look keeps half-written files out.</remarks>
    public async Task ReloadIfChangedAsync(CancellationToken cancellationToken)
    {
        await _reloading.WaitAsync(cancellationToken);
        try
        {
            if (_path is not null && LooksChanged_NeedsLock(_path))
            {
                Reload_NeedsLock(_path);
            }
        }
        finally
        {
            _reloading.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _reloading.Dispose();

    private bool LooksChanged_NeedsLock(string path)
    {
        var hash = FileHash.Of(path, ConfigurationReader.MostBytes + 1);
        var isChanged = hash != _readHash && _wasLookedAt && hash == _lookedAtHash;
        _lookedAtHash = hash;
        _wasLookedAt = true;
        if (isChanged)
        {
            _readHash = hash;
        }
        return isChanged;
    }

    private ReloadResult Reload_NeedsLock(string path)
    {
        var reading = ConfigurationReader.ReadFile(path);
        if (reading.Configuration is null)
        {
            var problems = reading.Messages;
            Refuse_NeedsLock(problems);
            return new ReloadResult(problems, []);
        }
        var change = ConfigurationChange.Between(Current, _adjust(reading.Configuration));
        var wasRefused = LastProblem is not null;
        Volatile.Write(ref _lastProblem, null);
        Interlocked.Exchange(ref _acceptedAtTicks, _time.GetUtcNow().UtcTicks);
        if (change.IsNothing)
        {
            if (wasRefused)
            {
                LogMended(path);
            }
            return new ReloadResult([], []);
        }
        Volatile.Write(ref _current, change.New);
        LogLoaded(path, change.New.Checks.Length, change.Added, change.Removed, change.Altered);
        if (!change.NeedRestart.IsEmpty)
        {
            LogNeedsRestart(string.Join(", ", change.NeedRestart));
        }
        Changed?.Invoke(change);
        return new ReloadResult([], change.NeedRestart);
    }

    private void Refuse_NeedsLock(ImmutableArray<string> messages)
    {
        var isNews = LastProblem is not { } last || !last.Messages.SequenceEqual(messages);
        if (!isNews)
        {
            return;
        }
        Volatile.Write(ref _lastProblem, new RefusedConfiguration(messages, _time.GetUtcNow()));
        LogRefused(messages.Length, string.Join('\n', messages.Take(MostLoggedMessages)));
    }

    [LoggerMessage(Level = LogLevel.Information,
        Message = "{File} is in force; checks: {Checks}, new: {Added}, gone: {Removed}, changed: {Altered}")]
    private partial void LogLoaded(string file, int checks, int added, int removed, int altered);

    [LoggerMessage(Level = LogLevel.Information, Message = "{File} is correct again and says what is in force already")]
    private partial void LogMended(string file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "These settings hold only after a restart: {Keys}")]
    private partial void LogNeedsRestart(string keys);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "The new configuration is refused and the one before goes on; {Count} to mend:\n{Problems}")]
    private partial void LogRefused(int count, string problems);
}

/// <summary>A file that was not taken over.</summary>
/// <param name="Messages">What is wrong with it, as <c>FILE:LINE:COLUMN: message</c>.</param>
/// <param name="At">When these problems were first seen.</param>
internal sealed record RefusedConfiguration(ImmutableArray<string> Messages, DateTimeOffset At);

/// <summary>What came of a reload.</summary>
/// <param name="Problems">Why the file was refused; empty when it is in force.</param>
/// <param name="NeedRestart">The keys whose new values hold only after a restart.</param>
internal sealed record ReloadResult(ImmutableArray<string> Problems, ImmutableArray<string> NeedRestart)
{
    /// <summary>True when the file is in force now.</summary>
    public bool IsAccepted => Problems.IsEmpty;
}
