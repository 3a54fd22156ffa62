using Sonde.Cli;
using Xunit;

namespace Sonde.Tests.Cli;

public sealed class CountedTests
{
    [Theory]
    [InlineData(0, "0 checks")]
    [InlineData(1, "1 check")]
    [InlineData(2, "2 checks")]
    [InlineData(12_345, "12345 checks")]
    public void One_is_no_plural(long count, string words) => Assert.Equal(words, Counted.Of(count, "check"));

    [Fact]
    public void Both_forms_may_be_given()
    {
        Assert.Equal("1 sample waits", Counted.Of(1, "sample waits", "samples wait"));
        Assert.Equal("3 samples wait", Counted.Of(3, "sample waits", "samples wait"));
    }
}
