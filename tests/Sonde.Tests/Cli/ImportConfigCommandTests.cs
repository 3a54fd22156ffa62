using System.Runtime.Versioning;
using System.Text.Json;
using Sonde.Tests.Configuration;
using Xunit;

namespace Sonde.Tests.Cli;

public sealed class ImportConfigCommandTests : IDisposable
{
    private const string Smokeping = "targets: [{hosts: [192.0.2.1], source: x}]";

    private readonly ScratchDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_configuration_goes_to_stdout_and_what_is_lost_to_stderr()
    {
        var file = _directory.Write("s.yml", Smokeping);

        var run = await CommandRun.RunAsync("import-config", file);

        Assert.Equal(
            new CommandRun(
                0,
                "# made by sonde import-config of s.yml\ngroups:\n  - name: smokeping\n    targets: [192.0.2.1]\n",
                $"{file}:1:32: smokeping_prober, 'targets': 'source' is not carried over\n"),
            run);
    }

    [Fact]
    public async Task A_file_passes_the_check_and_is_overwritten_only_by_force()
    {
        var (file, output) = (_directory.Write("s.yml", Smokeping), _directory.Path + "/sonde.yaml");

        Assert.Equal((0, ""), (await CommandRun.RunAsync("import-config", file, "-o", output)) is var first ? (first.Code, first.Output) : default);
        Assert.Equal(0, (await CommandRun.RunAsync("check", output)).Code);
        File.WriteAllText(output, "mine");
        var second = await CommandRun.RunAsync("import-config", file, "-o", output);
        Assert.Equal(2, second.Code);
        Assert.EndsWith($"{output}: is there already; --force overwrites it\n", second.Errors);
        Assert.Equal("mine", File.ReadAllText(output));
        Assert.Equal(0, (await CommandRun.RunAsync("import-config", file, "-o", output, "--force")).Code);
        Assert.StartsWith("# made by", File.ReadAllText(output));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_file_made_of_a_private_one_is_private()
    {
        var (file, output) = (_directory.Write("s.yml", Smokeping), _directory.Path + "/sonde.yaml");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        await CommandRun.RunAsync("import-config", file, "-o", output);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(output));
    }

    [Fact]
    public async Task Scripts_get_one_object()
    {
        var file = _directory.Write("s.yml", Smokeping);

        var run = await CommandRun.RunAsync("import-config", file, "--json");

        var root = JsonDocument.Parse(run.Output).RootElement;
        Assert.StartsWith("# made by", root.GetProperty("configuration").GetString());
        var note = Assert.Single(root.GetProperty("notCarriedOver").EnumerateArray());
        Assert.Equal((file, 1, 32), (note.GetProperty("file").GetString(), note.GetProperty("line").GetInt32(), note.GetProperty("column").GetInt32()));
        Assert.EndsWith("'source' is not carried over", note.GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("targets: [a]", ":1:1: this is no file of blackbox_exporter, smokeping_prober, Gatus or Prometheus\n")]
    [InlineData("# nothing", ": is empty\n")]
    [InlineData("targets: [", ":1:10: the list that [ opens here is never closed\n")]
    [InlineData("endpoints: []", ": nothing in it is measured by Sonde\n")]
    public async Task A_file_that_cannot_serve_is_bad_usage(string text, string message)
    {
        var file = _directory.Write("f", text);

        var run = await CommandRun.RunAsync("import-config", file);

        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.StartsWith(file + message, run.Errors);
    }

    [Fact]
    public async Task Modules_without_targets_say_so()
    {
        var file = _directory.Write("b.yml", "modules: {ping: {prober: icmp}}");

        var run = await CommandRun.RunAsync("import-config", file);

        Assert.Equal("# made by sonde import-config of b.yml\nmodules:\n  ping:\n    prober: icmp\nlisten: 127.0.0.1:8989\n", run.Output);
        Assert.Equal($"{file}:1:1: no file names a target: write 'targets:', or name the files that do\n", run.Errors);
    }
}
