namespace Sonde.Cli;

/// <summary>What of <c>sonde ping</c>'s figures fits beside each other.</summary>
/// <param name="Figures">The columns of numbers.</param>
/// <param name="HasAddress">Whether the address has a column.</param>
/// <param name="NameLength">How long a target's name may be; the middle of a longer one is left out.</param>
/// <param name="LatestLength">The width of what came latest.</param>
internal sealed record PingLayout(string[] Figures, bool HasAddress, int NameLength, int LatestLength)
{
    private const int Cell = 9;      // a number such as 12.34, its padding and the line beside it
    private const int Frame = 3;     // the padding and the line of a column of words
    private const int LongestName = 48;
    private const int ShortestName = 24;
    private const int FewestLatest = 16;

    private static readonly string[][] Choices =
    [
        ["sent", "loss", "dup", "last", "min", "mean", "p95", "max", "mdev", "jitter"],
        ["sent", "loss", "last", "min", "mean", "p95", "max"],
        ["loss", "last", "mean", "p95"],
        ["loss", "mean", "p95"],
        ["loss", "mean"],
    ];

    /// <summary>The richest layout that fits.</summary>
    /// <param name="width">Of the terminal, in columns.</param>
    /// <param name="name">The length of the longest name.</param>
    /// <param name="address">The length of the longest address.</param>
    public static PingLayout For(int width, int name, int address)
    {
        name = Math.Clamp(name, "target".Length, LongestName);
        address = Math.Max(address, "address".Length);
        foreach (var figures in Choices)
        {
            var others = 1 + Frame + Frame + (figures.Length * Cell);
            var hasAddress = figures == Choices[0];
            var room = width - others - (hasAddress ? Frame + address : 0) - FewestLatest;
            if (room >= (figures == Choices[0] ? name : Math.Min(name, ShortestName)))
            {
                var length = Math.Min(name, room);
                return new PingLayout(figures, hasAddress, length, FewestLatest + room - length);
            }
        }
        return new PingLayout(Choices[^1], false, ShortestName, FewestLatest);
    }

    /// <summary>A name with its beginning and its end, at most so long.</summary>
    public static string Shorten(string name, int length) => name.Length <= length
        ? name
        : $"{name[..(length / 2)]}…{name[^(length - (length / 2) - 1)..]}";
}
