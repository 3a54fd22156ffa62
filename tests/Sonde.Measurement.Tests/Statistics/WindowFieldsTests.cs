using FsCheck;
using FsCheck.Fluent;
using Sonde.Measurement.Statistics;
using Xunit;

namespace Sonde.Measurement.Tests.Statistics;

public sealed class WindowFieldsTests
{
    [Fact]
    public void A_window_made_of_its_fields_and_sketch_is_the_same() =>
        Prop.ForAll(AnyColumns.Arbitrary, columns =>
        {
            var window = columns.AddOneByOne();

            var read = Window.FromFields(window.Fields, window.SketchToBytes());

            return read.ToBytes().AsSpan().SequenceEqual(window.ToBytes());
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Windows_made_of_fields_merge_like_the_windows() =>
        Prop.ForAll(AnyColumns.Arbitrary, Gen.Choose(0, 100).ToArbitrary(), (columns, percent) =>
        {
            var cut = columns.Count * percent / 100;
            var merged = new Window();
            foreach (var part in new[] { columns.AddOneByOne(0, cut), columns.AddOneByOne(cut, columns.Count) })
            {
                merged.Merge(Window.FromFields(part.Fields, part.SketchToBytes()));
            }

            return merged.ToBytes().AsSpan().SequenceEqual(columns.AddOneByOne().ToBytes());
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Fields_that_contradict_each_other_are_refused()
    {
        var window = new Window();
        window.Add(5, 0, LossReason.None, -300);
        window.Add(6, 0, LossReason.Timeout, 0);
        window.Add(7, 0, LossReason.None, 900);
        var (fields, sketch) = (window.Fields, window.SketchToBytes());

        Refused(fields with { Sent = 4 });
        Refused(fields with { Sent = -1 });
        Refused(fields with { Suspect = 4 });
        Refused(fields with { Duplicates = -1 });
        Refused(fields with { Losses = [] });
        Refused(fields with { Losses = default });
        Refused(fields with { Losses = [new(LossReason.None, 1)] });
        Refused(fields with { Losses = [new(LossReason.Refused, 1), new(LossReason.Timeout, 1)] });
        Refused(fields with { First = fields.Last, Last = fields.First });
        Refused(fields with { First = new(-1, 0, null) });
        Refused(fields with { Last = new(7, 65_536, null) });
        Refused(fields with { Last = new(7, 0, Window.MaxValue + 1) });
        Refused(fields with { Minimum = -400 });
        Refused(fields with { Maximum = 1_000 });
        Refused(fields with { Sum = 1_801 });
        Refused(fields with { JitterPairs = 2 });

        void Refused(WindowFields wrong) => Assert.Throws<FormatException>(() => Window.FromFields(wrong, sketch));
    }

    [Fact]
    public void Bytes_that_are_no_sketch_are_refused_and_never_crash() => Prop.ForAll<byte[]>(bytes =>
    {
        var window = new Window();
        window.Add(5, 0, LossReason.None, 300);
        try
        {
            Window.FromFields(window.Fields, bytes);
            return true;
        }
        catch (FormatException)
        {
            return true;
        }
    }).QuickCheckThrowOnFailure();
}
