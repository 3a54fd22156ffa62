using Sonde.Measurement;
using Sonde.Measurement.Statistics;
using Sonde.Samples;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Samples;

/// <summary>Live checks with a clock in the hand, and beside them the plain list of all samples that they were given.</summary>
internal sealed class LiveLab
{
    public LiveLab(params Check[] checks)
    {
        Live = new LiveChecks(Catalog, Time);
        Live.SetChecks(checks);
        Live.StateChanged += Changes.Add;
    }

    public ManualTimeProvider Time { get; } = new();

    public SeriesCatalog Catalog { get; } = new();

    public LiveChecks Live { get; }

    public List<StateChange> Changes { get; } = [];

    /// <summary>Every sample given, in the order of arrival.</summary>
    public List<Sample> Given { get; } = [];

    public long Now => Time.GetUtcNow().ToUnixTimeMilliseconds();

    public static Check CheckOf(string id, double seconds = 1, double timeout = 2, FamilyChoice family = FamilyChoice.Auto) => new()
    {
        Id = CheckId.Parse(id),
        Name = id,
        Kind = CheckKind.Icmp,
        Host = "192.0.2.1",
        Family = family,
        Interval = TimeSpan.FromSeconds(seconds),
        Timeout = TimeSpan.FromSeconds(timeout),
    };

    public SeriesHandle SeriesOf(Check check, byte family = 4) => Catalog.GetOrAdd(new(check.Id, "local", family, Quantity.Rtt));

    public static Sample SampleOf(SeriesHandle series, long round, long sentAt, long? microseconds, ushort index = 0) => new()
    {
        Series = series,
        Round = round,
        Index = index,
        SentAtMilliseconds = sentAt,
        Value = microseconds ?? 0,
        Loss = microseconds is null ? LossReason.Timeout : LossReason.None,
    };

    public void Give(params Sample[] samples)
    {
        Given.AddRange(samples);
        Live.Take(samples, []);
    }

    /// <summary>A round of one probe that starts now: answered after the given time, or lost.</summary>
    public void Round(Check check, long number, long? microseconds, byte family = 4)
    {
        var series = SeriesOf(check, family);
        var sample = SampleOf(series, number, Now, microseconds);
        Given.Add(sample);
        Live.Take([sample], [new Round(series, number, Now, Sent: 1, Lost: microseconds is null ? 1 : 0, NotSent: 0)]);
    }

    /// <summary>A round of one probe that starts now and cannot be sent.</summary>
    public void RoundNotSent(Check check, long number, byte family = 4) =>
        Live.Take([], [new Round(SeriesOf(check, family), number, Now, Sent: 0, Lost: 0, NotSent: 1)]);

    public CheckView View(Check check) => Live.Find(check.Id, Now)!;

    public CheckState StateOf(Check check) => View(check).State;

    public void Pass(double seconds) => Time.Advance(TimeSpan.FromMilliseconds((long)Math.Round(seconds * 1_000)));

    /// <summary>All windows of all series equal those made of the plain list.</summary>
    public void AssertWindowsEqualTheList()
    {
        foreach (var series in Live.All(Now).SelectMany(check => check.Series))
        {
            AssertEqualsList(series, series.OneMinute, 60_000);
            AssertEqualsList(series, series.FiveMinutes, 300_000);
        }
        AssertHoursEqualTheList();
    }

    /// <summary>The 60-minute windows of all series equal those made of the plain list.</summary>
    public void AssertHoursEqualTheList()
    {
        foreach (var series in Live.All(Now).SelectMany(check => check.Series))
        {
            AssertEqualsList(series, series.SixtyMinutes, 3_600_000);
        }
    }

    private void AssertEqualsList(SeriesView series, LiveWindow live, long span)
    {
        var step = span / 60;
        var to = (Now / step * step) + step;
        Assert.Equal((to - span, to), (live.FromMilliseconds, live.ToMilliseconds));
        var expected = new Window();
        foreach (var sample in Given
            .Where(s => s.Series == series.Handle && s.SentAtMilliseconds >= to - span && s.SentAtMilliseconds < to)
            .DistinctBy(s => (s.Round, s.Index))
            .OrderBy(s => (s.Round, s.Index)))
        {
            expected.Add(sample.Round, sample.Index, sample.Loss, sample.Value, sample.Duplicates, sample.IsSuspect);
        }
        Assert.Equal(Convert.ToHexString(expected.ToBytes()), Convert.ToHexString(live.Window.ToBytes()));
    }
}
