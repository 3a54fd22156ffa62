using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Sonde.Compatibility;
using Sonde.Configuration.Yaml;
using Xunit;

namespace Sonde.Tests.Compatibility;

public sealed class YamlTextTests
{
    [Fact]
    public void Every_text_is_read_back_as_it_was_as_key_and_value_and_in_lists() =>
        Prop.ForAll<string[]>(texts =>
        {
            ImmutableArray<YamlNode> values = [.. texts.Select(Clean).Select(text => new YamlScalar(Place.Start, text, isQuoted: true))];
            var list = new YamlList(Place.Start, 1, values);
            var map = new YamlMap(Place.Start, 1, [.. values.Cast<YamlScalar>().DistinctBy(value => value.Text)
                .Where(value => value.Text != "<<").Select(value => new YamlEntry(value, list))]);
            var root = new YamlMap(Place.Start, 1,
            [
                new(new YamlScalar(Place.Start, "a", isQuoted: false), map),
                new(new YamlScalar(Place.Start, "b", isQuoted: false), new YamlList(Place.Start, 1, [map, list, .. values])),
            ]);
            var text = YamlText.Write(root);
            var problems = new ProblemList(text);

            Assert.Equal(Describe(root), Describe(YamlTree.Read(text, problems)!));
            Assert.True(problems.IsEmpty);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Theory]
    [InlineData("a b", "a b")]
    [InlineData("http://a.example/x", "http://a.example/x")]
    [InlineData("a: b", "'a: b'")]
    [InlineData("a #b", "'a #b'")]
    [InlineData("it's", "'it''s'")]
    [InlineData("::1", "'::1'")]
    [InlineData("null", "'null'")]
    [InlineData("", "''")]
    [InlineData("a\nb", "\"a\\nb\"")]
    public void A_text_is_quoted_where_it_must_be(string text, string written) =>
        Assert.Equal($"k: {written}\n", YamlText.Write(new YamlSection().Add("k", text).ToMap()));

    /// <summary>What no file can hold: halves of characters.</summary>
    private static string Clean(string? text) => string.Concat((text ?? "").Where(c => !char.IsSurrogate(c) && c is not ('\uFFFE' or '\uFFFF')));

    private static string Describe(YamlNode node) => node switch
    {
        YamlMap map => $"{{{string.Join(',', map.Entries.Select(entry => Describe(entry.Key) + Describe(entry.Value)))}}}",
        YamlList list => $"[{string.Join(',', list.Items.Select(Describe))}]",
        _ => $"<{((YamlScalar)node).Text}>",
    };
}
