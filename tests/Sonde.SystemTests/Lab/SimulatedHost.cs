using System.Collections.Immutable;

namespace Sonde.SystemTests.Lab;

/// <summary>How a host treats the echo requests that reach it.</summary>
internal sealed record SimulatedHost
{
    /// <summary>Never answers.</summary>
    public static SimulatedHost Silent { get; } = new();

    /// <summary>What it sends for each request, in any order; none = it is silent.</summary>
    public ImmutableArray<Answer> Answers { get; init; } = [];

    /// <summary>Every so many requests (the 2nd, 4th, … for 2) go unanswered; 0 = none.</summary>
    public int LoseEvery { get; init; }

    /// <summary>
    /// The share of requests, 0 to 1, that go unanswered: which ones follows from the host, the seed and their number.
    /// </summary>
    public double LossRatio { get; init; }

    /// <summary>Chooses which requests <see cref="LossRatio"/> takes.</summary>
    public int LossSeed { get; init; } = 1;

    /// <summary>
    /// If any, the host behaves as each of these in turn, request by request; the rest of this record then says
    /// nothing.
    /// </summary>
    public ImmutableArray<SimulatedHost> Turns { get; init; } = [];

    /// <summary>Answers each request rightly, once, so long after it left.</summary>
    public static SimulatedHost Answering(TimeSpan after) => new() { Answers = [new Answer(after)] };

    /// <summary>Sends exactly these for each request.</summary>
    public static SimulatedHost Sending(params ImmutableArray<Answer> answers) => new() { Answers = answers };

    /// <summary>Has a router answer each request with the error.</summary>
    public static SimulatedHost Failing(IcmpError error, TimeSpan after) =>
        new() { Answers = [new Answer(after) { Error = error }] };

    /// <summary>Behaves as each of these in turn.</summary>
    public static SimulatedHost InTurn(params ImmutableArray<SimulatedHost> turns) => new() { Turns = turns };

    /// <summary>The same, with so many further copies of the first answer, each so long after the one before.</summary>
    public SimulatedHost WithDuplicates(int copies, TimeSpan spacing) => this with
    {
        Answers =
        [
            .. Answers,
            .. Enumerable.Range(1, copies)
                .Select(n => Answers[0] with { After = Answers[0].After + (n * spacing) }),
        ],
    };

    /// <summary>Whether request <paramref name="number"/> (from 1) goes unanswered.</summary>
    public bool Loses(int host, int number) =>
        (LoseEvery > 0 && number % LoseEvery == 0) || (LossRatio > 0 && Chance(host, number) < LossRatio);

    /// <summary>
    /// A number from 0 to 1 that looks random and is always the same: splitmix64 of seed, host and number.
    /// </summary>
    private double Chance(int host, int number)
    {
        var mixed = unchecked(((ulong)(uint)LossSeed << 48) ^ ((ulong)(uint)host << 32) ^ (uint)number)
            + 0x9e3779b97f4a7c15UL;
        mixed = unchecked((mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9UL);
        mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94d049bb133111ebUL);
        return ((mixed ^ (mixed >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
