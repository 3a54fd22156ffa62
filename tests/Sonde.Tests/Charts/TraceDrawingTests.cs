using System.Collections.Immutable;
using Sonde.Charts;
using Sonde.Samples;
using Xunit;

namespace Sonde.Tests.Charts;

public sealed class TraceDrawingTests
{
    private static readonly SparklinePoint Answered = new(1_000, false);
    private static readonly SparklinePoint Lost = new(null, true);

    [Fact]
    public void A_gap_breaks_the_line() =>
        Assert.Equal(2, Strokes(Draw(Answered, Answered, default, default, default, Answered).Line));

    [Fact]
    public void A_slow_check_has_no_gaps_between_its_rounds()
    {
        var steps = ImmutableArray.Create(Answered, default, default, Answered, default, default, Answered);

        Assert.Equal(1, Strokes(TraceDrawing.Draw(steps, TimeSpan.FromSeconds(15)).Line));
    }

    [Fact]
    public void A_loss_is_a_tick_and_breaks_the_line()
    {
        var drawing = Draw(Answered, Lost, Answered);

        Assert.Equal(1, Strokes(drawing.Lost));
        Assert.Equal(2, Strokes(drawing.Line));
    }

    [Fact]
    public void Suspect_steps_are_marked() =>
        Assert.Equal(1, Strokes(Draw(Answered, new(2_000, false, IsSuspect: true)).Suspect));

    [Fact]
    public void Nothing_measured_draws_nothing()
    {
        Assert.Equal(new TraceDrawing("", "", ""), Draw());
        Assert.Equal(new TraceDrawing("", "", ""), Draw(default(SparklinePoint)));
    }

    private static TraceDrawing Draw(params ImmutableArray<SparklinePoint> steps) =>
        TraceDrawing.Draw(steps, TimeSpan.FromSeconds(1));

    private static int Strokes(string path) => path.Count(letter => letter == 'M');
}
