using System.Collections.Immutable;

namespace Sonde.SystemTests.Lab;

/// <summary>The scenario: who behaves how. May be changed while it is played.</summary>
/// <param name="others">How the hosts behave that are not named.</param>
internal sealed class SimulatedHosts(SimulatedHost others)
{
    private readonly SimulatedHost?[] _named = new SimulatedHost?[65_536];
    private readonly int[] _requests = new int[2 * 65_536];

    /// <summary>How the hosts behave that are not named.</summary>
    public SimulatedHost Others { get; set; } = others;

    /// <summary>How host <paramref name="number"/> behaves, in both families.</summary>
    public SimulatedHost this[int number]
    {
        get => _named[number] ?? Others;
        set => _named[number] = value;
    }

    /// <summary>How many requests have reached the host so far.</summary>
    public int RequestsTo(int number, bool isV6) => Volatile.Read(ref _requests[Slot(number, isV6)]);

    /// <summary>Counts one more request to the host and says what to send for it. One caller at a time.</summary>
    public ImmutableArray<Answer> AnswersToNext(int number, bool isV6)
    {
        var count = ++_requests[Slot(number, isV6)];
        var host = this[number];
        if (!host.Turns.IsEmpty)
        {
            var turns = host.Turns.Length;
            host = host.Turns[(count - 1) % turns];
            count = ((count - 1) / turns) + 1;
        }
        return host.Loses(number, count) ? [] : host.Answers;
    }

    private static int Slot(int number, bool isV6) => (isV6 ? 65_536 : 0) + number;
}
