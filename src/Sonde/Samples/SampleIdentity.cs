namespace Sonde.Samples;

/// <summary>What makes a sample the same sample within its series (DESIGN: the record); also its order.</summary>
/// <param name="Round">The round's number.</param>
/// <param name="Index">The probe's place in its round.</param>
internal readonly record struct SampleIdentity(long Round, ushort Index) : IComparable<SampleIdentity>
{
    /// <summary>Before every sample that there is.</summary>
    public static readonly SampleIdentity BeforeAll = new(long.MinValue, 0);

    /// <summary>The greatest identity that is less.</summary>
    public SampleIdentity Before => Index > 0
        ? this with { Index = (ushort)(Index - 1) }
        : new SampleIdentity(Round - 1, ushort.MaxValue);

    /// <summary>The identity of a sample.</summary>
    public static SampleIdentity Of(in Sample sample) => new(sample.Round, sample.Index);

    /// <inheritdoc/>
    public int CompareTo(SampleIdentity other) =>
        Round != other.Round ? Round.CompareTo(other.Round) : Index.CompareTo(other.Index);

    public static bool operator <(SampleIdentity left, SampleIdentity right) => left.CompareTo(right) < 0;

    public static bool operator >(SampleIdentity left, SampleIdentity right) => left.CompareTo(right) > 0;

    public static bool operator <=(SampleIdentity left, SampleIdentity right) => left.CompareTo(right) <= 0;

    public static bool operator >=(SampleIdentity left, SampleIdentity right) => left.CompareTo(right) >= 0;
}
