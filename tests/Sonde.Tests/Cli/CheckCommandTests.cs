using System.CommandLine;
using System.Text.Json;
using Sonde.Cli;
using Sonde.Tests.Configuration;
using Xunit;

namespace Sonde.Tests.Cli;

public sealed class CheckCommandTests : IDisposable
{
    private readonly ScratchDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void It_says_what_a_plain_file_holds()
    {
        var path = _directory.Write("f.yaml", "global_settings: {probes: 5, interval: 2}\ntargets: [a, 'b:80', c]");

        var (code, output, errors) = Run("check", path);

        Assert.Equal((0, ""), (code, errors));
        Assert.Equal(
            $"file: {path}\nform: plain\nkeys: global_settings, targets\ntargets: 3 (2 icmp, 1 tcp)\nprobes per second: 7.5\n", output);
    }

    [Fact]
    public void It_says_the_same_in_JSON()
    {
        var path = _directory.Write("f.yaml", "defaults: {interval: 500ms}\ntargets: [{address: a, family: both}, 'b:80']");

        var (code, output, _) = Run("check", path, "--json");

        Assert.Equal(0, code);
        Assert.Equal(
            $$$"""{"file":"{{{path}}}","isCorrect":true,"form":"full","keys":["defaults","targets"],"targets":2,"targetsByKind":{"icmp":1,"tcp":1},"probesPerSecond":6,"storage":"sqlite","problems":[]}""",
            output.TrimEnd());
    }

    [Fact]
    public void It_says_which_database_keeps_the_samples_but_not_its_password()
    {
        var path = _directory.Write("f.yaml", "storage: postgres://u:SECRET@db/s?sslmode=require\ntargets: [a]");

        var (_, output, errors) = Run("check", path);
        var (_, json, _) = Run("check", path, "--json");

        Assert.EndsWith("\nstorage: postgres://u@db/s\n", output, StringComparison.Ordinal);
        Assert.Contains("\"storage\":\"postgres://u@db/s\"", json, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", output + json + errors, StringComparison.Ordinal);
    }

    [Fact]
    public void All_mistakes_go_to_stderr_and_the_exit_code_is_2()
    {
        var path = _directory.Write("f.yaml", "targts: [a]\ntargets: [1.2.3]");

        var (code, output, errors) = Run("check", path);

        Assert.Equal(2, code);
        Assert.Equal(
            $"{path}:1:1: 'targts' is not known here; did you mean 'targets'?\n"
            + $"{path}:2:11: '1.2.3' is not an IPv4 address: four numbers of 0 to 255 without leading zeros\n",
            errors);
        Assert.Equal($"file: {path}\nform: full\nkeys: targts, targets\n", output);
    }

    [Fact]
    public void Mistakes_have_their_places_in_JSON()
    {
        var path = _directory.Write("f.yaml", "targets: [1.2.3]");

        var (code, output, _) = Run("check", path, "--json");

        var problem = JsonDocument.Parse(output).RootElement.GetProperty("problems")[0];
        Assert.Equal((2, 1, 11), (code, problem.GetProperty("line").GetInt32(), problem.GetProperty("column").GetInt32()));
    }

    [Fact]
    public void Another_tools_file_is_named()
    {
        var path = _directory.Write("f.yaml", "scrape_configs: []");

        var (code, output, errors) = Run("check", path);

        Assert.Equal(2, code);
        Assert.Equal($"file: {path}\nform: another tool's: Prometheus\nkeys: scrape_configs\n", output);
        Assert.StartsWith($"{path}:1:1: this is a file of Prometheus", errors);
    }

    [Fact]
    public void A_missing_file_is_told()
    {
        var (code, output, errors) = Run("check", "/nowhere/f.yaml");

        Assert.Equal((2, "", "/nowhere/f.yaml: does not exist\n"), (code, output, errors));
    }

    private static (int Code, string Output, string Errors) Run(params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = new RootCommand { CheckCommand.Create() }
            .Parse(arguments).Invoke(new InvocationConfiguration { Output = output, Error = errors });
        return (code, output.ToString(), errors.ToString());
    }
}
