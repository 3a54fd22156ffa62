using Sonde.Tests.Configuration;
using Xunit;

namespace Sonde.Tests.Cli;

/// <summary>Bad usage is told on stderr and ends with 2; a measurement that failed ends with 1.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly ScratchDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("name at least one target, or a file of targets with -f", "ping")]
    [InlineData("-4 and -6 exclude each other", "ping", "-4", "-6", "127.0.0.1")]
    [InlineData("-c takes 0 to 1,000,000,000 probes", "ping", "--count=-1", "127.0.0.1")]
    [InlineData("-c takes 0 to 1,000,000,000 probes", "ping", "-c", "1000000001", "127.0.0.1")]
    [InlineData("'x'", "ping", "-c", "x", "127.0.0.1")]
    [InlineData("'x'", "ping", "-i", "x", "127.0.0.1")]
    [InlineData("'x'", "ping", "-W", "x", "127.0.0.1")]
    [InlineData("'2147483648'", "ping", "-s", "2147483648", "127.0.0.1")]
    [InlineData("-c", "ping", "127.0.0.1", "-c")]
    [InlineData("'1,5'", "ping", "-i", "1,5", "127.0.0.1")]
    [InlineData("-c", "ping", "-c", "1", "-c", "2", "127.0.0.1")]
    [InlineData("-i takes 0, or 0.001 to 86,400 seconds", "ping", "-i", "0.0009", "127.0.0.1")]
    [InlineData("-i takes 0, or 0.001 to 86,400 seconds", "ping", "-i", "86401", "127.0.0.1")]
    [InlineData("-i takes 0, or 0.001 to 86,400 seconds", "ping", "--interval=-1", "127.0.0.1")]
    [InlineData("-i takes 0, or 0.001 to 86,400 seconds", "ping", "-i", "NaN", "127.0.0.1")]
    [InlineData("-W takes 0.01 to 60 seconds", "ping", "-W", "0", "127.0.0.1")]
    [InlineData("-W takes 0.01 to 60 seconds", "ping", "-W", "60.1", "127.0.0.1")]
    [InlineData("-s takes 16 to 65,000 bytes", "ping", "-s", "15", "127.0.0.1")]
    [InlineData("-s takes 16 to 65,000 bytes", "ping", "-s", "65001", "127.0.0.1")]
    [InlineData("is no address that is measured", "ping", "ftp://example.org/")]
    [InlineData("there is no option --nonsense", "ping", "--nonsense", "127.0.0.1")]
    [InlineData("--demo takes no configuration file", "run", "--demo", "sonde.yaml")]
    [InlineData("/nowhere/sonde.yaml: does not exist", "run", "/nowhere/sonde.yaml")]
    [InlineData("-f takes the name of a file", "ping", "-f", "")]
    [InlineData("/tmp: is a directory, not a file", "ping", "-f", "/tmp")]
    [InlineData("/dev/zero: is empty, or a pipe, socket or device", "ping", "-f", "/dev/zero")]
    [InlineData("--data needs a directory", "run", "--data", "", "/nowhere/sonde.yaml")]
    [InlineData("--data /etc/passwd: /etc/passwd is a file, not a directory", "run", "--data", "/etc/passwd", "/nowhere/sonde.yaml")]
    [InlineData("--data /etc/passwd/a/b: /etc/passwd is a file, not a directory", "run", "--data", "/etc/passwd/a/b", "/nowhere/sonde.yaml")]
    [InlineData("xml", "run", "--log", "xml", "/nowhere/sonde.yaml")]
    [InlineData("there is no verb 'nonsense'; there are run, check, ping, export", "nonsense")]
    [InlineData("Unrecognized command or argument '--json'", "--json", "ping")]
    [InlineData("'sonde check --help' names all that it takes", "check", "a", "b")]
    [InlineData("no/where", "export", "--data", "no/where")]
    public async Task Bad_usage_is_told_and_the_exit_code_is_2(string message, params string[] arguments)
    {
        var run = await CommandRun.RunAsync(arguments);

        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains(message, run.Errors);
    }

    [Fact]
    public async Task Without_a_verb_the_verbs_are_shown()
    {
        var run = await CommandRun.RunAsync();

        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.All(["run", "check", "ping", "export"], verb => Assert.Contains($"  {verb} ", run.Errors));
    }

    [Fact]
    public async Task Help_is_not_bad_usage()
    {
        var run = await CommandRun.RunAsync("ping", "--help");

        Assert.Equal((0, ""), (run.Code, run.Errors));
        Assert.Contains("--json", run.Output);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("check")]
    [InlineData("ping")]
    [InlineData("export")]
    public async Task Help_is_in_one_form(string verb)
    {
        var run = await CommandRun.RunAsync(verb, "--help");

        var descriptions = run.Output.Split('\n')
            .Where(line => line.StartsWith("  ", StringComparison.Ordinal) && !line.Contains("[options]"))
            .Select(line => line.Trim().Split("  ")[^1].Trim()).ToList();
        Assert.True(descriptions.Count > 2);
        Assert.All(descriptions, words => Assert.Matches(@"^[A-Z].*[^.]$", words));
        Assert.DoesNotMatch("<[a-z]+>", run.Output); // an option's value is named in capitals, or its words are
    }

    [Fact]
    public async Task A_missing_list_of_targets_is_told()
    {
        var run = await CommandRun.RunAsync("ping", "-f", "/nowhere/list");

        Assert.Equal(2, run.Code);
        Assert.Equal("/nowhere/list: does not exist\n", run.Errors);
    }

    [Theory]
    [InlineData("", "is empty, or a pipe, socket or device and not a file")]
    [InlineData("\n\n   \n", "there is no target in the file")]
    [InlineData("# only\n  # comments\n", "there is no target in the file")]
    public async Task A_list_without_targets_is_told(string text, string message)
    {
        var list = _directory.Write("list", text);

        var run = await CommandRun.RunAsync("ping", "-f", list);

        Assert.Equal((2, $"{list}: {message}\n"), (run.Code, run.Errors));
    }

    [Fact]
    public async Task Lines_of_a_list_may_have_comments()
    {
        var list = _directory.Write("list", "# head\n\n  a..b   # one\nc..d\r\n");

        var run = await CommandRun.RunAsync("ping", "--json", "-f", list);

        Assert.Equal(2, run.Code);
        Assert.Equal(
            $"{list}:3: 'a..b' is not a host name or IP address\n{list}:4: 'c..d' is not a host name or IP address\n",
            run.Errors);
    }

    [Fact]
    public async Task What_cannot_be_measured_is_told_and_not_waited_for()
    {
        var run = await CommandRun.RunAsync("ping", "-6", "--json", "-c", "0", "127.0.0.1"); // else until Ctrl-C

        Assert.Equal((1, "127.0.0.1: no IPv6 address\n"), (run.Code, run.Errors));
    }

    [Fact]
    public async Task A_table_for_another_program_has_no_colours()
    {
        Assert.SkipUnless(Console.IsOutputRedirected, "the tests' output is a terminal");

        var run = await CommandRun.RunAsync("ping", "-6", "127.0.0.1");

        Assert.Contains("127.0.0.1", run.Output);
        Assert.DoesNotContain('\u001b', run.Output);
    }

    [Fact]
    public async Task Of_many_targets_in_trouble_the_first_are_told_and_the_rest_counted()
    {
        var list = _directory.Write("list", string.Concat(Enumerable.Range(0, 25).Select(n => $"127.0.0.{n}\n")));

        var run = await CommandRun.RunAsync("ping", "-6", "--json", "-f", list);

        Assert.Equal((1, 21), (run.Code, run.Errors.Count(c => c == '\n')));
        Assert.EndsWith("and 5 more targets that could not be measured\n", run.Errors);
    }

    [Fact]
    public async Task Of_many_mistakes_the_first_are_told_and_the_rest_counted()
    {
        var list = _directory.Write("list", string.Concat(Enumerable.Range(0, 25).Select(n => $"a..{n}\n")));

        var run = await CommandRun.RunAsync("ping", "-f", list);

        Assert.Equal((2, 21), (run.Code, run.Errors.Count(c => c == '\n')));
        Assert.EndsWith("and 5 more mistakes\n", run.Errors);
    }

    [Fact]
    public async Task Run_without_a_file_offers_the_demonstration()
    {
        Assert.SkipWhen(File.Exists("sonde.yaml"), "there is a sonde.yaml in the tests' directory");

        var run = await CommandRun.RunAsync("run");

        Assert.Equal(2, run.Code);
        Assert.StartsWith("There is no sonde.yaml here.", run.Errors);
        Assert.Contains("sonde run --demo", run.Errors);
    }

    [Theory]
    [InlineData("junk")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:x")]
    [InlineData("127.0.0.1:65536")]
    [InlineData(":8989")]
    [InlineData("::1:8989")]
    [InlineData("example.org:8989")]
    [InlineData("")]
    public async Task An_address_that_nothing_can_listen_on_is_refused(string listen)
    {
        var run = await CommandRun.RunAsync("run", Configuration(), "--listen", listen);

        Assert.Equal(2, run.Code);
        Assert.StartsWith($"--listen {listen}: wanted an IP address and a port", run.Errors);
    }

    [Theory]
    [InlineData("0.0.0.0:1")]
    [InlineData("[::]:1")]
    [InlineData("192.0.2.1:8989")]
    public async Task Beyond_this_machine_it_does_not_listen_without_a_token(string listen)
    {
        var run = await CommandRun.RunAsync("run", Configuration(), "--listen", listen);

        Assert.Equal(2, run.Code);
        Assert.StartsWith($"listening on {listen} is open to other machines and needs a token", run.Errors);
    }

    [Fact]
    public async Task A_wrong_configuration_is_told_by_its_places()
    {
        var file = _directory.Write("sonde.yaml", "targets: [1.2.3]");

        var run = await CommandRun.RunAsync("run", file);

        Assert.Equal(2, run.Code);
        Assert.StartsWith($"{file}:1:11: '1.2.3' is not an IPv4 address", run.Errors);
    }

    private string Configuration() => _directory.Write("sonde.yaml", "targets: [127.0.0.1]");
}
