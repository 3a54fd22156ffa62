using System.Globalization;
using Sonde.Marks;
using Sonde.Measurement.Timing;

namespace Sonde.Probing;

/// <summary>The marks that explain a gap which this machine caused itself.</summary>
internal static class ClockMarks
{
    public static Mark For(ClockCheck check, long atMilliseconds) => check.Asleep != 0
        ? new Mark(atMilliseconds, MarkKind.Suspended, null, $"The machine was suspended for {Seconds(check.Asleep)}")
        : new Mark(
            atMilliseconds, MarkKind.ClockStepped, null,
            $"The wall clock was set {(check.Step > 0 ? "forward" : "back")} by {Seconds(Math.Abs(check.Step))}");

    public static Mark ForStop(long lateNanoseconds, long atMilliseconds) => new(
        atMilliseconds, MarkKind.Stopped, null, $"The program did not run for {Seconds(lateNanoseconds)}");

    private static string Seconds(long nanoseconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e9:0.###} s");
}
