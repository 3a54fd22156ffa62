using FsCheck;
using FsCheck.Fluent;
using Sonde.Configuration;
using Sonde.Configuration.Yaml;
using Xunit;

namespace Sonde.Tests.Configuration;

/// <summary>No text makes the reader crash or hang, and every problem lies inside the text.</summary>
public sealed class AnyTextTests
{
    private const string Good = """
        vantagePoint: here
        listen: 127.0.0.1:8989
        token: 0123456789abcdef
        hosts: [sonde.example]
        defaults: &d {interval: 5s, packets: 2, tags: [a, "b"]}
        groups:
          - name: "Channels" # forty
            region: Seoul
            port: 8585
            targets:
              - Channel 1: 203.0.113.1
              - 'Channel 2': "[2001:db8::1]:8585"
        targets:
          - 192.0.2.1
          - {name: Mail, address: mail.example:25, dialogue: [{expect: '^220 ', send: QUIT}]}
          - name: Router
            <<: *d
            address: router.example
            family: both
            ttl: 5

        """;

    private static readonly Config Often = Config.QuickThrowOnFailure.WithMaxTest(2_000).WithEndSize(200);

    [Fact]
    public void The_text_that_is_mutated_is_good() => Assert.Equal(5, Reading.Good(Good).Checks.Length);

    [Fact]
    public void Any_characters_are_survived() =>
        Check(Gen.ArrayOf(Gen.Choose(0, 0xFFFF).Select(c => (char)c)).Select(text => new string(text)));

    [Fact]
    public void Any_characters_that_mean_something_in_YAML_are_survived() =>
        Check(Gen.ArrayOf(Gen.Elements("\n \t:-?,[]{}#&*!|>'\"%@`\\~<=.ab01$\r".ToCharArray())).Select(text => new string(text)));

    [Fact]
    public void Any_pieces_of_YAML_are_survived() =>
        Check(Gen.ArrayOf(Gen.Elements(
            "targets:", "groups:", "global_settings:", "address:", "name: ", "\n", "\n  ", "\n    ", "- ", "a", " b", ": ", "[", "]",
            "{", "}", ", ", "&x ", "*x", "<<: ", "? ", "| \n", "> \n", "'", "\"", "${A}", "${", "!t ", "---\n", "...\n", "#", "\t",
            "\\x", "\r\n", "%YAML 1.1\n", "5s", "::1", "1.2.3.4", "tls: ", "dialogue: ", "expect: ", "(", "~", "\"\\U", "FFFF"))
            .Select(string.Concat));

    [Fact]
    public void Any_tree_of_known_keys_is_survived() => Check(Tree(4).Select(tree => tree + "\n"));

    [Fact]
    public void Any_mutation_of_a_good_text_is_survived() =>
        Check(Gen.ArrayOf(Gen.Zip(Gen.Choose(0, Good.Length - 1), Gen.Choose(0, 400))).Select(Mutate));

    private static void Check(Gen<string> texts) => Prop.ForAll(texts.ToArbitrary(), IsSurvived).Check(Often);

    private static void IsSurvived(string text)
    {
        var reading = ConfigurationReader.ReadText("f", text);

        var lines = new TextLines(text);
        Assert.Equal(reading.Configuration is null, reading.Problems.Length > 0);
        Assert.Equal(reading.Problems.OrderBy(problem => problem.Place ?? default), reading.Problems);
        foreach (var place in reading.Problems.Select(problem => problem.Place).OfType<Place>())
        {
            Assert.InRange(place.Line, 1, lines.Count);
            Assert.InRange(place.Column, 1, lines[place.Line].Length + 1);
        }
        Assert.All(reading.Messages, message => Assert.DoesNotContain('\n', message));
    }

    private static string Mutate((int At, int How)[] changes) => changes.Take(5).Aggregate(Good, (text, change) =>
    {
        var at = Math.Min(change.At, text.Length);
        var rest = text[at..];
        return text[..at] + change.How switch
        {
            < 128 => (char)change.How + rest,
            < 200 => rest[Math.Min(rest.Length, 1)..],
            < 250 => rest[Math.Min(rest.Length, change.How - 190)..],
            < 300 => rest[..Math.Min(rest.Length, change.How - 240)] + rest,
            < 350 => (char)(change.How * 187) + rest,
            _ => rest.Replace(' ', '\t'),
        };
    });

    private static Gen<string> Tree(int levels)
    {
        var words = Gen.Elements([.. KnownKeys.Top, .. KnownKeys.Target, .. KnownKeys.PlainTop, .. KnownKeys.GlobalSettings, "expect", "send"]);
        var leaves = Gen.OneOf(words, Gen.Elements("1", "-1", "5s", "a:80", "'::1'", "true", "~", "''", "1.1.1.1", "icmp", "tcp", "both", "${X}"));
        if (levels == 0)
        {
            return leaves;
        }
        var inner = Tree(levels - 1);
        return Gen.OneOf(
            leaves,
            Gen.ArrayOf(inner).Select(items => $"[{string.Join(", ", items.Take(4))}]"),
            Gen.ArrayOf(Gen.Zip(words, inner)).Select(pairs => $"{{{string.Join(", ", pairs.Take(6).Select(pair => $"{pair.Item1}: {pair.Item2}"))}}}"));
    }
}
