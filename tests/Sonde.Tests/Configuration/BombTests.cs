using System.Diagnostics;
using Sonde.Configuration;
using Xunit;

namespace Sonde.Tests.Configuration;

/// <summary>Texts made to exhaust a reader are refused soon.</summary>
public sealed class BombTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    public static TheoryData<string, string, string> Bombs => new()
    {
        { "billion laughs", BillionLaughs(), "stand for more than 500000 values" },
        { "merges that double", DoublingMerges(), "stand for more than 500000 values" },
        { "many small aliases", "a: &a [" + Many("x,", 1000) + "]\nb: [" + Many("*a,", 1000) + "]", "stand for more than 500000 values" },
        { "deep lists", Many("[", 2_000_000), "nested deeper than 32 levels" },
        { "deep lists over lines", Many("[\n", 1_000_000), "nested deeper than 32 levels" },
        { "deep mappings", Many("{a: ", 500_000), "nested deeper than 32 levels" },
        { "deep blocks", string.Concat(Enumerable.Range(0, 1500).Select(n => new string(' ', n) + "a:\n")), "nested deeper than 32 levels" },
        { "deep entries", Many("- ", 1_000_000), "nested deeper than 32 levels" },
        { "deep questions", Many("? ", 1_000_000), "nested deeper than 32 levels" },
        { "a huge value", "targets: [" + Many("a", 4_000_000) + "]", "has 4000000 characters; at most 10000 are read" },
        { "a huge quoted value", "targets: ['" + Many("a", 4_000_000) + "']", "has 4000000 characters; at most 10000 are read" },
        { "a huge key", Many("a", 4_000_000) + ": 1", "" },
        { "a huge block", "targets: |\n" + Many("  aaaaaaa\n", 400_000), "characters; at most 10000 are read" },
        { "a huge unclosed quote", "targets: '" + Many("a\n", 2_000_000), "never closed" },
        { "many words without a colon", Many("a\n", 2_000_000), "" },
        { "many empty lines", "targets: [a]\n" + Many("\n", 4_000_000) + "x", "" },
        { "many keys", string.Concat(Enumerable.Range(0, 200_000).Select(n => $"k{n}: 1\n")), "more problems are not shown" },
        { "many anchors", "a: [" + string.Concat(Enumerable.Range(0, 200_000).Select(n => $"&a{n} 1,")) + "]", "'a' is not known here" },
        { "many colons", Many(": ", 1_000_000), "" },
        { "many tabs", Many("\t", 4_000_000) + "a", "" },
        { "many documents", Many("---\n", 1_000_000), "a second document begins here" },
        { "too many targets", "targets:\n" + string.Concat(Enumerable.Range(0, 100_001).Select(n => $"- h{n}\n")), "this file has more than 100000 targets" },
        { "tags that add up", "targets: [{address: a, tags: [" + string.Concat(Enumerable.Range(0, 100_000).Select(n => $"t{n},")) + "]}]", "at most 20 are allowed" },
        { "many directives", Many("%A\n", 1_000_000), "" },
        { "many comments", Many("#\n", 2_000_000), "is empty" },
        { "many questions in a flow", "{" + Many("?,", 1_000_000) + "}", "" },
        { "many exclamations", "a: " + Many("!", 1_000_000), "" },
        { "one long tag", "a: !<" + Many("%41", 1_000_000) + "> x", "tags" },
    };

    [Theory]
    [MemberData(nameof(Bombs), DisableDiscoveryEnumeration = true)]
    public void A_bomb_does_no_harm(string name, string text, string expected)
    {
        var watch = Stopwatch.StartNew();

        var reading = ConfigurationReader.ReadText(name, text);

        Assert.Contains(expected, string.Join('\n', reading.Messages), StringComparison.Ordinal);
        Assert.Null(reading.Configuration);
        Assert.All(reading.Messages, message => Assert.True(message.Length < 1000, message));
        Assert.True(watch.Elapsed < Soon, $"{name} took {watch.Elapsed}");
    }

    [Fact]
    public void Ten_thousand_targets_are_read_at_once()
    {
        var text = "groups:\n- name: g\n  targets:\n" + string.Concat(Enumerable.Range(0, 10_000).Select(n =>
            $"  - name: Target {n}\n    address: 10.{n / 256 / 256}.{n / 256 % 256}.{n % 256}\n    region: r\n    tags: [a, b]\n    interval: 1s\n"));
        var watch = Stopwatch.StartNew();

        var configuration = Reading.Good(text);

        TestContext.Current.TestOutputHelper!.WriteLine($"10,000 targets in {watch.Elapsed.TotalMilliseconds:F0} ms");
        Assert.Equal(10_000, configuration.Checks.Length);
        Assert.True(watch.Elapsed < Soon, $"took {watch.Elapsed}");
    }

    private static string BillionLaughs() => "a0: &a0 [lol,lol,lol,lol,lol,lol,lol,lol,lol,lol]\n" + string.Concat(
        Enumerable.Range(1, 20).Select(n => $"a{n}: &a{n} [{string.Join(',', Enumerable.Repeat($"*a{n - 1}", 10))}]\n"));

    private static string DoublingMerges() => "a0: &a0 {x: 1}\n" + string.Concat(
        Enumerable.Range(1, 40).Select(n => $"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}], k{n}: 1}}\n"));

    private static string Many(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
