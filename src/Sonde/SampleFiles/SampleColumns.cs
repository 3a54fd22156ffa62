namespace Sonde.SampleFiles;

/// <summary>The columns of a file of samples, in their order (DESIGN: contract).</summary>
internal static class SampleColumns
{
    public const int Check = 0, VantagePoint = 1, Family = 2, Quantity = 3, Round = 4, Index = 5, SentAt = 6, Value = 7;
    public const int Unit = 8, Loss = 9, Suspect = 10, Duplicates = 11, TimeToLive = 12;

    /// <summary>How many there are.</summary>
    public const int Count = 13;

    /// <summary>So many of the first must be there; the others are false, 0 and unknown when they are not.</summary>
    public const int Required = Suspect;

    /// <summary>Their names.</summary>
    public static readonly string[] Names =
    [
        "check", "vantagePoint", "family", "quantity", "round", "index", "sentAt", "value", "unit", "loss", "suspect",
        "duplicates", "ttl",
    ];
}
