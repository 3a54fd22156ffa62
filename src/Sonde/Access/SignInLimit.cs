namespace Sonde.Access;

/// <summary>At most ten wrong tokens a minute, whoever sends them: guessing is hopeless, and stays quiet.</summary>
/// <remarks>One count for all: addresses are cheap for who guesses. A valid token in a header is never held
/// up.</remarks>
internal sealed class SignInLimit(TimeProvider time)
{
    /// <summary>Wrong tokens in a minute before further ones are refused unread.</summary>
    public const int WrongPerMinute = 10;

    private readonly Lock _counting = new();
    private long _minute;
    private int _wrong;

    /// <summary>True when a further attempt may be looked at.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_counting)
            {
                Turn_NeedsLock();
                return _wrong < WrongPerMinute;
            }
        }
    }

    /// <summary>Counts a wrong token.</summary>
    public void CountWrong()
    {
        lock (_counting)
        {
            Turn_NeedsLock();
            _wrong++;
        }
    }

    private void Turn_NeedsLock()
    {
        var minute = time.GetUtcNow().ToUnixTimeSeconds() / 60;
        if (minute != _minute)
        {
            _minute = minute;
            _wrong = 0;
        }
    }
}
