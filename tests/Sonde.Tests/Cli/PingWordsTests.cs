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
    [InlineData("", "a target is empty; name a host, host:port, a URL or dns://resolver/name")]
    [InlineData("a\u001b[2Jb", "'a?[2Jb' is not a host name or IP address")]
    [InlineData("ftp://a", "'ftp://a' is no address that is measured: wanted host, host:port, https://…, http://… or dns://resolver/name")]
    [InlineData("http://a:0/", "'http://a:0/' has a port that is not 1 to 65535")]
    [InlineData("https://", "'https://' is not a host name or IP address")]
    [InlineData("dns://127.0.0.1", "'dns://127.0.0.1' does not say which name to ask for: wanted dns://resolver/name")]
    [InlineData("dns://127.0.0.1/a..b", "'dns://127.0.0.1/a..b' asks for something that is no name")]
    public void What_is_no_target_is_named_with_what_is_wrong(string word, string problem)
    {
        var words = PingWords.Read([word], null);

        Assert.Empty(words.Words);
        Assert.Equal([problem], words.Problems);
    }

    [Fact]
    public void What_may_be_secret_in_a_URL_is_not_repeated()
    {
        var problems = PingWords.Read(["https://me:hunter2@a/", "dns://a/b?token=hunter2"], null).Problems;

        Assert.Equal(2, problems.Count);
        Assert.DoesNotContain("hunter2", string.Concat(problems), StringComparison.Ordinal);
        Assert.StartsWith("'https://…@a/' holds a user name or password", problems[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("http://")]
    [InlineData("dns://a/")]
    [InlineData("dns://a/b?type=")]
    public void Any_text_behind_a_scheme_is_a_target_or_a_mistake(string prefix)
    {
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text =>
        {
            var words = PingWords.Read([prefix + text], null);
            return words.Words.Count + words.Problems.Count == 1;
        }).QuickCheckThrowOnFailure();
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
}
