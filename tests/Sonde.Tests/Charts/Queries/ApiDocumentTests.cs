using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sonde.Charts.Queries;
using Sonde.Samples;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Charts.Queries;

/// <summary>Holds docs/api.md and the document of the API to what the API does.</summary>
public sealed partial class ApiDocumentTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(FindRoot(), "docs/api.md"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_question_of_the_page_is_answered()
    {
        await using var lab = await QueryLab.StartAsync(
            Checks.Icmp("router", "Office"), Checks.Icmp("x") with { Id = CheckId.Parse("http-example.com") });
        lab.AddHour("icmp-router");
        lab.AddHour("http-example.com", quantity: new Quantity("certificate", "s"));
        var paths = Curl().Matches(Page).Select(match => match.Groups[1].Value).ToList();

        Assert.Equal(7, paths.Count);
        foreach (var path in paths)
        {
            var (status, _) = await lab.AskAsync(path);
            Assert.True(status == HttpStatusCode.OK, $"{path}: {status}");
        }
    }

    [Fact]
    public void The_answers_of_the_page_are_the_examples_of_the_document()
    {
        var answers = JsonBlock().Matches(Page).Select(match => JsonNode.Parse(match.Groups[1].Value)).ToList();
        string[] examples = [QueryExamples.Windows, QueryExamples.Histogram, QueryExamples.Latest];

        Assert.Equal(examples.Length, answers.Count);
        Assert.All(examples.Zip(answers), pair => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(pair.First), pair.Second)));
    }

    [Theory]
    [InlineData("/api/v1/targets/{id}/windows", 8)]
    [InlineData("/api/v1/windows", 12)]
    [InlineData("/api/v1/targets/{id}/histogram", 7)]
    [InlineData("/api/v1/targets/{id}/latest", 2)]
    [InlineData("/api/v1/latest", 6)]
    public async Task The_document_has_parameters_in_words_answers_and_an_example(string path, int parameters)
    {
        await using var lab = await QueryLab.StartAsync();
        using var document = JsonDocument.Parse(await lab.Site.Client.GetStringAsync("/openapi/v1.json", Token));

        var operation = document.RootElement.GetProperty("paths").GetProperty(path).GetProperty("get");
        var ok = operation.GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json");

        Assert.Equal(parameters, operation.GetProperty("parameters").GetArrayLength());
        Assert.All(operation.GetProperty("parameters").EnumerateArray(),
            parameter => Assert.Matches("^[a-z]+$", parameter.GetProperty("name").GetString()));
        Assert.True(ok.GetProperty("schema").TryGetProperty("$ref", out _));
        Assert.Equal(JsonValueKind.Object, ok.GetProperty("example").ValueKind);
        Assert.Superset(new HashSet<string> { "200", "400", "401", "503" },
            operation.GetProperty("responses").EnumerateObject().Select(answer => answer.Name).ToHashSet());
    }

    [GeneratedRegex("^curl 'http://127.0.0.1:8989([^']+)'$", RegexOptions.Multiline)]
    private static partial Regex Curl();

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex JsonBlock();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Sonde.slnx")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("No Sonde.slnx above the test's directory.");
        }
        return folder.FullName;
    }
}
