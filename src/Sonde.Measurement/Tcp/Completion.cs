namespace Sonde.Measurement.Tcp;

/// <summary>What another thread has for the owner of the prober.</summary>
/// <param name="Token">The probe's <see cref="TcpProbe.Token"/>.</param>
/// <param name="At">When it happened, boot-time nanoseconds.</param>
/// <param name="Outcome">How the conversation ended; null when the socket has become writable or has failed.</param>
internal readonly record struct Completion(ulong Token, long At, ConversationOutcome? Outcome)
{
    /// <summary>
    /// How many can wait for a probe's object: the stale event of its last use, the event of this one, and an outcome,
    /// which keeps the object in use until it is taken.
    /// </summary>
    public const int MostPerProbe = 3;
}
