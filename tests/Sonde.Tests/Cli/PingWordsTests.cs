using FsCheck;
using FsCheck.Fluent;
using Sonde.Cli;
using Sonde.Tests.Configuration;
using Xunit;

namespace Sonde.Tests.Cli;

public sealed class PingWordsTests
{
    [Theory]
    [InlineData("127.0.0.1:70000", "'127.0.0.1:70000' has a port that is not 1 to 65535")]
    [InlineData("127.0.0.1:0", "'127.0.0.1:0' has a port that is not 1 to 65535")]
    [InlineData("localhost:http", "'localhost:http' has a port that is not 1 to 65535")]
    [InlineData("host:", "'host:' has a port that is not 1 to 65535")]
    [InlineData("bad host", "'bad host' is not a host name or IP address")]
    [InlineData("-a", "'-a' is not a host name or IP address")]
    [InlineData("[::1", "'[::1' lacks the ] of its IPv6 address, or text follows it that is no port")]
    [InlineData("1.2.3", "'1.2.3' is not an IPv4 address: four numbers of 0 to 255 without leading zeros")]
    [InlineData("010.0.0.1", "'010.0.0.1' is not an IPv4 address: four numbers of 0 to 255 without leading zeros")]
    [InlineData("", "a target is empty; name a host, an address or host:port")]
    [InlineData("a\u001b[2Jb", "'a?[2Jb' is not a host name or IP address")]
    [InlineData("http://a", "http://a: URLs are not measured by this version; name host or host:port")]
    public void What_is_no_target_is_named_with_what_is_wrong(string word, string problem)
    {
        var words = PingWords.Read([word], null);

        Assert.Empty(words.Words);
        Assert.Equal([problem], words.Problems);
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once()
    {
        using var directory = new ScratchDirectory();
        var file = directory.Write("list", "127.0.0.1\nx y # two words\n");

        var words = PingWords.Read(["a..b", "here"], file);

        Assert.Equal(
            ["'a..b' is not a host name or IP address", $"{file}:2: 'x y' is not a host name or IP address"],
            words.Problems);
    }

    [Fact]
    public void A_name_that_is_too_long_is_told_in_few_words()
    {
        var problem = Assert.Single(PingWords.Read([new string('a', 100_000)], null).Problems);

        Assert.Equal($"'{new string('a', 80)}…' is not a host name or IP address", problem);
    }

    [Fact]
    public void The_targets_of_a_file_are_counted()
    {
        using var directory = new ScratchDirectory();
        var file = directory.Write("list", string.Concat(Enumerable.Repeat("a\n", PingWords.Most)));

        Assert.Empty(PingWords.Read([], file).Problems);
        Assert.Equal(["there are more than 1,000,000 targets"], PingWords.Read(["b"], file).Problems);
    }

    [Fact]
    public void Any_text_is_a_target_or_a_mistake()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text =>
        {
            var words = PingWords.Read([text ?? ""], null);
            return words.Words.Count + words.Problems.Count == 1;
        }).QuickCheckThrowOnFailure();
    }
}
