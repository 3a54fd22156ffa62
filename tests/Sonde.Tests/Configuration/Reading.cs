using Sonde.Configuration;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Configuration;

/// <summary>Short ways to read a text in a test.</summary>
internal static class Reading
{
    public static SondeConfiguration Good(string text)
    {
        var reading = ConfigurationReader.ReadText("f", text);
        Assert.Empty(reading.Messages);
        return reading.Configuration!;
    }

    public static Check OneCheck(string text) => Assert.Single(Good(text).Checks);

    public static string[] Messages(string text) => [.. ConfigurationReader.ReadText("f", text).Messages];

    public static string OneMessage(string text) => Assert.Single(Messages(text));
}
