namespace Sonde.SystemTests.Lab;

/// <summary>How a simulated network is played.</summary>
internal sealed record SimulatedNetworkOptions
{
    /// <summary>How hosts behave that the scenario does not name; default: they answer at once.</summary>
    public SimulatedHost Others { get; init; } = SimulatedHost.Answering(TimeSpan.Zero);

    /// <summary>
    /// A network namespace to make for it; null = the device stands in the namespace of this process.
    /// </summary>
    public string? Namespace { get; init; }

    /// <summary>Whether the responder never sleeps: the most exact, and it takes a processor.</summary>
    public bool SpinsAlways { get; init; }

    /// <summary>
    /// The processor that the responder runs on, as an ordinary thread; null = any, before ordinary threads.
    /// </summary>
    public int? Processor { get; init; }

    /// <summary>How many packets the responder and the wire tap each remember; default 262,144.</summary>
    public int RecordedPackets { get; init; } = 1 << 18;
}
