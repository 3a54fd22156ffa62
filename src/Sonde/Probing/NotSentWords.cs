using Sonde.Measurement;

namespace Sonde.Probing;

/// <summary>Why probes are not sent, in words for people that go on after "not sent:".</summary>
internal static class NotSentWords
{
    public static string For(NotSentReason reason) => reason switch
    {
        NotSentReason.NoPermission => "no permission",
        NotSentReason.NoRoute => "this machine has no route to the target",
        NotSentReason.NoAddress => "the resolver has not answered yet",
        NotSentReason.NoBuffers => "the kernel's send buffers are full",
        NotSentReason.TooManyInFlight => "too many probes wait for their answers",
        NotSentReason.Busy => "the previous probe still runs",
        NotSentReason.ClockStepped => "the wall clock was set while the probe was under way",
        NotSentReason.Suspended => "the machine was suspended while the probe was under way",
        NotSentReason.ReceiveOverflow => "the kernel dropped packets while the probe waited",
        _ => "the system reported an error",
    };
}
