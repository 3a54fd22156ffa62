using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Sonde.Metrics;
using Xunit;

namespace Sonde.Tests.Metrics;

public sealed class TextFormatTests
{
    private static readonly MetricFamily Gauge = new("sonde_thing_seconds", MetricType.Gauge, "A \"thing\" of C:\\n\nor so");
    private static readonly MetricFamily Counter = new("sonde_things_total", MetricType.Counter, "Things");
    private static readonly MetricFamily Histogram = new("sonde_waits_seconds", MetricType.Histogram, "Waits");

    [Fact]
    public void Any_label_and_number_reads_back_as_it_was_written() => Prop.ForAll<string, string, double>((one, other, value) =>
    {
        var (left, right) = (Valid(one), Valid(other));
        return Array.TrueForAll([false, true], isOpenMetrics =>
        {
            var read = Exposition.Read(
                Write(isOpenMetrics, true, writer =>
                {
                    writer.Begin(Gauge);
                    writer.Write(value, Labels.Of(("left", left)), Labels.Of(("right", right), ("more", "")));
                    writer.End();
                }),
                isOpenMetrics);
            var sample = read.Samples.Single();
            return sample.Value.Equals(value) && sample.Labels["left"] == left && sample.Labels["right"] == right
                && sample.Labels["more"] == "" && read.Families["sonde_thing_seconds"].Help == Gauge.Help;
        });
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(9007199254740991.0, "9007199254740991")]
    [InlineData(-1.5, "-1.5")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(5e-324, "5E-324")]
    [InlineData(-1.7976931348623157E+308, "-1.7976931348623157E+308")]
    public void Numbers_at_the_edge_are_written_so(double value, string text) => Assert.EndsWith(
        $"\nsonde_thing_seconds {text}\n",
        Write(false, true, writer => { writer.Begin(Gauge); writer.Write(value); writer.End(); }), StringComparison.Ordinal);

    [Fact]
    public void A_counter_is_named_as_its_format_asks()
    {
        Assert.Equal(
            "# HELP sonde_things_total Things\n# TYPE sonde_things_total counter\nsonde_things_total 3\n", Write(false, true, Three));
        Assert.Equal("# HELP sonde_things Things\n# TYPE sonde_things counter\nsonde_things_total 3\n# EOF\n", Write(true, true, Three));

        static void Three(IFormatWriter writer)
        {
            writer.Begin(Counter);
            writer.Write(3);
            writer.End();
        }
    }

    [Fact]
    public void A_family_without_samples_leaves_no_trace() => Assert.Equal(
        "", Write(false, true, writer => { writer.Begin(Gauge); writer.End(); }));

    [Fact]
    public void A_histogram_has_the_buckets_of_smokeping_or_only_the_one_it_must_have()
    {
        var waits = DistributionOf(50, 51, 100_000, 30_000_000);

        var whole = Exposition.Read(Write(false, true, writer => Put(writer, waits)), false);
        var small = Exposition.Read(Write(true, false, writer => Put(writer, waits)), true);

        Assert.Equal(
            ["5e-05", "0.0001", "0.0002", "0.0004", "0.0008", "0.0016", "0.0032", "0.0064", "0.0128", "0.0256", "0.0512", "0.1024",
                "0.2048", "0.4096", "0.8192", "1.6384", "3.2768", "6.5536", "13.1072", "26.2144", "+Inf"],
            whole.Samples.Where(sample => sample.Labels.ContainsKey("le")).Select(sample => sample.Labels["le"]));
        Assert.Equal(1, whole.Value("sonde_waits_seconds_bucket", ("le", "5e-05")));
        Assert.Equal(2, whole.Value("sonde_waits_seconds_bucket", ("le", "0.0001")));
        Assert.Equal(3, whole.Value("sonde_waits_seconds_bucket", ("le", "26.2144")));
        Assert.Equal(30.100101, whole.Value("sonde_waits_seconds_sum"), 1e-9);
        Assert.Equal(3, small.Samples.Count());
        Assert.Equal(4, small.Value("sonde_waits_seconds_bucket", ("le", "+Inf")));

        static void Put(IFormatWriter writer, Distribution waits)
        {
            writer.Begin(Histogram);
            writer.Write(waits, Labels.Of(("check", "a")));
            writer.End();
        }
    }

    [Fact]
    public void A_duration_lies_in_the_first_bucket_that_reaches_it() => Prop.ForAll(
        Gen.Choose(0, 60_000_000).ToArbitrary(), microseconds =>
        {
            var place = ClassicBuckets.IndexOf(microseconds);
            return (place == ClassicBuckets.Bounded || microseconds <= Math.Round(ClassicBuckets.Bounds[place] * 1e6))
                && (place == 0 || microseconds > Math.Round(ClassicBuckets.Bounds[place - 1] * 1e6));
        }).QuickCheckThrowOnFailure();

    internal static Distribution DistributionOf(params long[] microseconds)
    {
        var counts = new long[ClassicBuckets.Bounded + 1];
        var exponential = new ExponentialCounts();
        foreach (var one in microseconds)
        {
            counts[ClassicBuckets.IndexOf(one)]++;
            if (one > 0)
            {
                exponential.Add(one);
            }
        }
        return new Distribution(
            counts, microseconds.Length, microseconds.Sum() / 1e6, microseconds.Count(one => one == 0), exponential.ToArray());
    }

    private static string Write(bool isOpenMetrics, bool withBuckets, Action<IFormatWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new TextFormatWriter(output, isOpenMetrics, withBuckets);
        write(writer);
        writer.Complete();
        Assert.Equal(output.WrittenCount, writer.Written);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>What UTF-8 can say: no halves of surrogate pairs.</summary>
    private static string Valid(string? any) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(any ?? ""));
}
