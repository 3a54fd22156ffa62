using Sonde.Metrics;
using Xunit;

namespace Sonde.Tests.Metrics;

public sealed class ScrapeFormatTests
{
    private const string Protobuf = "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";

    [Fact]
    public void Only_so_many_scrapes_go_on_at_a_time()
    {
        var limit = new ScrapeLimit();
        var inside = Enumerable.Range(0, 20).Count(_ => limit.TryEnter());
        Assert.Equal(8, inside);

        limit.Leave();

        Assert.True(limit.TryEnter());
        Assert.False(limit.TryEnter());
    }

    [Theory]
    [InlineData(null, ScrapeFormat.Text)]
    [InlineData("", ScrapeFormat.Text)]
    [InlineData("*/*", ScrapeFormat.Text)]
    [InlineData("text/html, */*;q=0.8", ScrapeFormat.Text)]
    [InlineData("application/json", ScrapeFormat.Text)]
    [InlineData("not a media type", ScrapeFormat.Text)]
    [InlineData("application/openmetrics-text", ScrapeFormat.OpenMetrics)]
    [InlineData("application/openmetrics-text; version=\"1.0.0\"", ScrapeFormat.OpenMetrics)]
    [InlineData("application/openmetrics-text; version=2.0.0, text/plain", ScrapeFormat.Text)]
    [InlineData("application/openmetrics-text;q=0, text/plain;q=0.1", ScrapeFormat.Text)]
    [InlineData("text/plain;version=0.0.4;q=0.5, application/openmetrics-text;version=1.0.0;q=0.4", ScrapeFormat.Text)]
    [InlineData(
        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
        ScrapeFormat.OpenMetrics)]
    [InlineData(Protobuf + ",application/openmetrics-text;version=1.0.0;q=0.8,*/*;q=0.1", ScrapeFormat.Protobuf)]
    [InlineData(Protobuf + ";escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=1.0.0;q=0.5", ScrapeFormat.Protobuf)]
    [InlineData("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text", ScrapeFormat.Text)]
    public void What_the_caller_likes_best_is_chosen(string? accept, object expected) =>
        Assert.Equal((ScrapeFormat)expected, ScrapeFormats.Choose(accept is null ? [] : [accept]));
}
