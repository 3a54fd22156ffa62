namespace Sonde.Push;

/// <summary>What a job says when it calls.</summary>
/// <param name="Event">What has become of it.</param>
/// <param name="Duration">How long it ran, by its own account; null = it did not say.</param>
/// <param name="Words">Why it failed, bounded and printable; null = it did not say.</param>
internal readonly record struct PushCall(PushEvent Event, TimeSpan? Duration = null, string? Words = null);

/// <summary>What has become of a job.</summary>
internal enum PushEvent
{
    /// <summary>It begins.</summary>
    Started,

    /// <summary>It ended well.</summary>
    Succeeded,

    /// <summary>It ended, and not well.</summary>
    Failed,
}

/// <summary>What has become of a call.</summary>
internal enum PushAnswer
{
    /// <summary>It was taken in.</summary>
    Kept,

    /// <summary>Nothing has this token.</summary>
    Unknown,

    /// <summary>It came less than <see cref="PushJob.LeastGap"/> after the one before, and was not counted.</summary>
    TooOften,
}
