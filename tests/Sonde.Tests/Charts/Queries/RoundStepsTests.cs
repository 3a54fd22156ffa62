using FsCheck;
using FsCheck.Fluent;
using Sonde.Charts.Queries;
using Xunit;

namespace Sonde.Tests.Charts.Queries;

public sealed class RoundStepsTests
{
    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;
    private const long Week = 168 * Hour;

    private static readonly long LastMoment = new DateTimeOffset(3000, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private static readonly Gen<(long From, long To)> Spans =
        from start in Gen.Choose(0, int.MaxValue)
        from power in Gen.Choose(0, 44)
        from part in Gen.Choose(0, 1_000_000)
        let from0 = (long)(start / (double)int.MaxValue * (LastMoment - 1))
        let length = Math.Max(1, (long)((1L << power) * (1 + (part / 1e6))))
        select (from0, Math.Min(LastMoment, from0 + length));

    private static readonly Gen<int> Points = Gen.OneOf(Gen.Choose(2, 10), Gen.Choose(2, WindowGrid.MostOfSeries));

    [Fact]
    public void Windows_of_points_cover_the_span_and_are_as_many_as_asked_at_most() => Check(
        (span, points, most) =>
        {
            var grid = WindowGrid.OfPoints(span.From, span.To, points, most);

            return grid.From <= span.From && grid.To >= span.To && grid.Count >= 1
                && grid.Count <= Math.Min(points, most)
                && span.From - grid.From < grid.Step && grid.To - span.To < grid.Step
                && RoundSteps.All().TakeWhile(step => step <= grid.Step).Contains(grid.Step)
                && grid.IsWidened == (grid.Step > RoundSteps.Fitting(span.From, span.To, points));
        });

    [Fact]
    public void No_shorter_round_step_would_do() => Check(
        (span, points, _) =>
        {
            var grid = WindowGrid.OfPoints(span.From, span.To, points, points);
            var shorter = RoundSteps.All().TakeWhile(step => step < grid.Step).LastOrDefault();

            return shorter == 0 || RoundSteps.CeilingOf(span.To, shorter) - RoundSteps.FloorOf(span.From, shorter)
                > shorter * points;
        });

    [Fact]
    public void A_step_is_kept_exactly_while_there_is_room_and_else_becomes_a_wider_round_one() => Check(
        (span, points, most) =>
        {
            var step = Math.Max(1_000, (span.To - span.From) / points);
            var grid = WindowGrid.OfStep(span.From, span.To, step, most);
            var isKept = grid.Step == step && grid.From == span.From && !grid.IsWidened;
            var isWidened = grid.Step > step && grid.IsWidened && grid.AskedStep == step
                && RoundSteps.All().TakeWhile(round => round <= grid.Step).Contains(grid.Step);

            return grid.From <= span.From && grid.To >= span.To && grid.Count <= most
                && ((span.To - span.From + step - 1) / step <= most ? isKept : isWidened);
        });

    [Fact]
    public void Round_windows_begin_at_multiples_of_their_step_those_of_weeks_on_mondays() => Check(
        (span, points, _) =>
        {
            var grid = WindowGrid.OfPoints(span.From, span.To, points, points);
            var begins = DateTimeOffset.FromUnixTimeMilliseconds(grid.From);

            return grid.Step % Week == 0
                ? begins is { DayOfWeek: DayOfWeek.Monday, TimeOfDay.Ticks: 0 }
                : grid.From % grid.Step == 0;
        });

    [Fact]
    public void Steps_ascend_and_beyond_ten_minutes_cut_no_summary_of_ten_minutes_beyond_an_hour_none_of_an_hour()
    {
        var steps = RoundSteps.All().TakeWhile(step => step < 1_000 * Week).ToList();

        Assert.Equal(steps.Distinct().Order(), steps);
        Assert.All(steps.Where(step => step > 10 * Minute), step => Assert.Equal(0, step % (10 * Minute)));
        Assert.All(steps.Where(step => step > Hour), step => Assert.Equal(0, step % Hour));
        Assert.All(steps.Where(step => step < Hour), step => Assert.Equal(0, Hour % step));
        Assert.All(steps.Where(step => step < 24 * Hour), step => Assert.Equal(0, 24 * Hour % step));
    }

    private static void Check(Func<(long From, long To), int, int, bool> holds) => Prop.ForAll(
        (from span in Spans
         from points in Points
         from most in Gen.Choose(60, WindowGrid.MostOfSeries)
         select (span, points, most)).ToArbitrary(),
        given => holds(given.span, given.points, given.most)).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
}
