using Sonde.Configuration;
using Xunit;

namespace Sonde.Tests.Configuration;

public sealed class ConfigurationFileTests : IDisposable
{
    private const string Start = """
        token: 0123456789abcdef
        targets:
          - {name: kept, address: a, tags: [x, y]}
          - {name: spoken, address: 'a:1', dialogue: [{expect: '^2', send: QUIT}]}
          - {name: altered, address: b}
          - {name: removed, address: c}

        """;

    private readonly ScratchDirectory _directory = new();
    private readonly ManualTimeProvider _time = new();
    private readonly GatheringLogger<ConfigurationFile> _log = new();
    private readonly List<ConfigurationChange> _changes = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_reload_keeps_what_did_not_change_and_tells_the_rest()
    {
        using var file = Begin(Start);
        var old = file.Current;
        Write(Start.Replace("altered, address: b", "altered, address: b2").Replace("removed", "added").Replace("9ab", "9AB"));

        var result = await file.ReloadAsync(Token);

        Assert.Equal((true, "token"), (result.IsAccepted, Assert.Single(result.NeedRestart)));
        var change = Assert.Single(_changes);
        Assert.Same(old, change.Old);
        Assert.Same(file.Current, change.New);
        Assert.Equal((1, 1, 1), (change.Added, change.Removed, change.Altered));
        Assert.Same(old.Checks[0], file.Current.Checks[0]);
        Assert.Same(old.Checks[1], file.Current.Checks[1]);
        Assert.Equal("b2", file.Current.Checks[2].Host);
        Assert.Equal(
            [$"Information: {Path} is in force; checks: 4, new: 1, gone: 1, changed: 1", "Warning: These settings hold only after a restart: token"],
            _log.Lines);
    }

    [Fact]
    public async Task A_file_that_says_the_same_changes_nothing()
    {
        using var file = Begin(Start);
        var old = file.Current;
        Write("# a comment\n" + Start);

        Assert.True((await file.ReloadAsync(Token)).IsAccepted);

        Assert.Same(old, file.Current);
        Assert.Empty(_changes);
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task A_reload_of_metrics_alone_comes_into_force_and_tells_when()
    {
        using var file = Begin(Start);
        var begun = file.AcceptedAt;
        _time.Advance(TimeSpan.FromMinutes(1));
        Write(Start + "\nmetrics: {smokeping: false}");

        await file.ReloadAsync(Token);

        Assert.False(file.Current.Metrics.Smokeping);
        Assert.Equal(begun + TimeSpan.FromMinutes(1), file.AcceptedAt);
        Write("targets: [1.2.3]");
        _time.Advance(TimeSpan.FromMinutes(1));
        await file.ReloadAsync(Token);
        Assert.Equal(begun + TimeSpan.FromMinutes(1), file.AcceptedAt);
    }

    [Fact]
    public async Task A_bad_file_is_refused_and_told_once_and_the_one_before_goes_on()
    {
        using var file = Begin(Start);
        var old = file.Current;
        Write("targets: [1.2.3]");

        var result = await file.ReloadAsync(Token);
        _time.Advance(TimeSpan.FromMinutes(1));
        await file.ReloadAsync(Token);

        var message = $"{Path}:1:11: '1.2.3' is not an IPv4 address: four numbers of 0 to 255 without leading zeros";
        Assert.Equal([message], result.Problems);
        Assert.Same(old, file.Current);
        Assert.Equal([message], file.LastProblem!.Messages);
        Assert.Equal(_time.GetUtcNow() - TimeSpan.FromMinutes(1), file.LastProblem.At);
        Assert.Equal(
            [$"Error: The new configuration is refused and the one before goes on; 1 to mend:\n{message}"], _log.Lines);
        Assert.Empty(_changes);

        Write(Start);
        await file.ReloadAsync(Token);

        Assert.Null(file.LastProblem);
        Assert.Equal($"Information: {Path} is correct again and says what is in force already", _log.Lines[^1]);
    }

    [Fact]
    public async Task A_file_that_vanished_is_refused_too()
    {
        using var file = Begin(Start);
        File.Delete(Path);

        Assert.Equal([$"{Path}: does not exist"], (await file.ReloadAsync(Token)).Problems);
        Assert.Equal(4, file.Current.Checks.Length);
    }

    [Fact]
    public async Task Without_a_file_there_is_nothing_to_reload()
    {
        using var file = new ConfigurationFile(null, new SondeConfiguration(), null, _time, _log);

        Assert.False((await file.ReloadAsync(Token)).IsAccepted);
        await file.ReloadIfChangedAsync(Token);
        Assert.Null(file.LastProblem);
    }

    [Fact]
    public async Task The_command_line_lies_over_each_configuration()
    {
        Write(Start);
        using var file = new ConfigurationFile(
            Path, ConfigurationReader.ReadFile(Path).Configuration! with { VantagePoint = "given" },
            read => read with { VantagePoint = "given" }, _time, _log);
        Write("vantagePoint: written\ntargets: [a]");

        await file.ReloadAsync(Token);

        Assert.Equal(("given", 1), (file.Current.VantagePoint, file.Current.Checks.Length));
    }

    [Fact]
    public async Task Secret_files_are_read_again()
    {
        _directory.Write("token", "0123456789abcdef");
        using var file = Begin("token: {file: token}\ntargets: [a]");
        _directory.Write("token", "fedcba9876543210");

        Assert.Equal(["token"], (await file.ReloadAsync(Token)).NeedRestart);
        Assert.Equal("fedcba9876543210", file.Current.Web.Token);
        Assert.DoesNotContain(_log.Lines, line => line.Contains("fedcba", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_change_is_seen_when_the_file_has_come_to_rest()
    {
        using var file = Begin("targets: [a]");
        await LookAsync(file, 3);
        Write("targets: [a,");

        await LookAsync(file, 1);
        Write("targets: [a, b]");
        await LookAsync(file, 1);
        Assert.Empty(_changes);
        Assert.Null(file.LastProblem);

        await LookAsync(file, 1);
        Assert.Equal(2, Assert.Single(_changes).New.Checks.Length);
    }

    [Fact]
    public async Task A_file_moved_into_place_is_seen_even_with_the_same_size_and_time()
    {
        using var file = Begin("targets: [a]");
        await LookAsync(file, 2);
        var other = _directory.Write("other", "targets: [b]");
        File.SetLastWriteTimeUtc(other, File.GetLastWriteTimeUtc(Path));
        File.Move(other, Path, overwrite: true);

        await LookAsync(file, 2);

        Assert.Equal("b", Assert.Single(_changes).New.Checks[0].Host);
    }

    [Fact]
    public async Task A_swapped_link_of_a_directory_is_seen()
    {
        Directory.CreateDirectory(_directory.Path + "/one");
        Directory.CreateDirectory(_directory.Path + "/two");
        _directory.Write("one/sonde.yaml", "targets: [a]");
        _directory.Write("two/sonde.yaml", "targets: [b]");
        Directory.CreateSymbolicLink(_directory.Path + "/data", "one");
        File.CreateSymbolicLink(Path, "data/sonde.yaml");
        using var file = Begin(null);
        await LookAsync(file, 2);

        Directory.CreateSymbolicLink(_directory.Path + "/data-new", "two");
        Directory.Delete(_directory.Path + "/data");
        Directory.Move(_directory.Path + "/data-new", _directory.Path + "/data");
        await LookAsync(file, 2);

        Assert.Equal("b", Assert.Single(_changes).New.Checks[0].Host);
    }

    [Fact]
    public async Task A_file_that_vanishes_and_comes_back_is_told_and_forgotten()
    {
        using var file = Begin("targets: [a]");
        await LookAsync(file, 2);
        File.Delete(Path);
        await LookAsync(file, 2);
        Assert.NotNull(file.LastProblem);

        Write("targets: [a]");
        await LookAsync(file, 2);

        Assert.Null(file.LastProblem);
        Assert.Empty(_changes);
    }

    private string Path => _directory.Path + "/sonde.yaml";

    private void Write(string text) => _directory.Write("sonde.yaml", text);

    private ConfigurationFile Begin(string? text)
    {
        if (text is not null)
        {
            Write(text);
        }
        var file = new ConfigurationFile(Path, ConfigurationReader.ReadFile(Path).Configuration!, null, _time, _log);
        file.Changed += _changes.Add;
        return file;
    }

    private static async Task LookAsync(ConfigurationFile file, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await file.ReloadIfChangedAsync(Token);
        }
    }
}
