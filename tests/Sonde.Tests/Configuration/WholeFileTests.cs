using System.IO.Pipes;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using Sonde.Configuration;
using Xunit;

namespace Sonde.Tests.Configuration;

/// <summary>What is wrong with the file as a whole is told without a place, but for its name.</summary>
public sealed class WholeFileTests : IDisposable
{
    private readonly ScratchDirectory _directory = new();

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_missing_file_is_told()
    {
        var path = _directory.Path + "/none.yaml";

        Assert.Equal([$"{path}: does not exist"], ConfigurationReader.ReadFile(path).Messages);

        File.WriteAllText(path, "");
        Assert.Equal([$"{path}/x: does not exist"], ConfigurationReader.ReadFile(path + "/x").Messages);
    }

    [Fact]
    public void A_directory_is_told() =>
        Assert.Equal([$"{_directory.Path}: is a directory, not a file"], ConfigurationReader.ReadFile(_directory.Path).Messages);

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_file_that_may_not_be_read_is_told()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "root may read everything");
        var path = _directory.Write("f", "targets: [a]");
        File.SetUnixFileMode(path, UnixFileMode.None);

        Assert.Equal([$"{path}: may not be read by this user"], ConfigurationReader.ReadFile(path).Messages);
    }

    [Fact]
    public void A_file_beyond_4_MB_is_told_and_one_of_4_MB_is_read()
    {
        var good = "targets: [a]\n";
        var padding = new string('#', ConfigurationReader.MostBytes - good.Length);

        Assert.NotNull(ConfigurationReader.ReadFile(_directory.Write("f", good + padding)).Configuration);
        var path = _directory.Write("g", good + padding + "#");
        Assert.Equal([$"{path}: is larger than 4,194,304 bytes, the most that is read"], ConfigurationReader.ReadFile(path).Messages);
        Assert.Contains("is larger", Reading.OneMessage(good + padding + "#"));
    }

    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("/dev/null")]
    public async Task A_device_is_told(string path) =>
        Assert.Equal($"{path}: {FileContent.NotAFile}", Assert.Single((await ReadSoonAsync(path)).Messages));

    [Fact]
    public async Task A_pipe_that_nobody_writes_to_is_told_and_not_waited_for()
    {
        var path = _directory.MakePipe("pipe");
        File.CreateSymbolicLink(path + ".link", path);

        Assert.Equal($"{path}: {FileContent.NotAFile}", Assert.Single((await ReadSoonAsync(path)).Messages));
        Assert.Equal($"{path}.link: {FileContent.NotAFile}", Assert.Single((await ReadSoonAsync(path + ".link")).Messages));
        Assert.Null(await Task.Run(() => FileHash.Of(path, 100)).WaitAsync(Patience, Token));
    }

    [Fact]
    public async Task An_open_pipe_is_told()
    {
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        var path = $"/proc/self/fd/{pipe.ClientSafePipeHandle.DangerousGetHandle()}";

        Assert.Equal($"{path}: {FileContent.NotAFile}", Assert.Single((await ReadSoonAsync(path)).Messages));
    }

    [Fact]
    public async Task A_socket_is_told()
    {
        var path = _directory.Path + "/socket";
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));

        Assert.Equal($"{path}: {FileContent.NotAFile}", Assert.Single((await ReadSoonAsync(path)).Messages));
    }

    [Fact]
    public void A_file_without_a_byte_is_told() => Assert.EndsWith(
        FileContent.NotAFile, Assert.Single(ConfigurationReader.ReadFile(_directory.Write("f", "")).Messages));

    [Fact]
    public void A_link_to_a_file_is_read()
    {
        var path = _directory.Write("f", "targets: [a]");
        File.CreateSymbolicLink(path + ".one", path);
        File.CreateSymbolicLink(path + ".two", path + ".one");

        Assert.Empty(ConfigurationReader.ReadFile(path + ".two").Messages);
    }

    [Fact]
    public void A_hundred_megabytes_are_not_read()
    {
        var path = _directory.Path + "/huge";
        using (var file = File.Create(path))
        {
            file.SetLength(100 * 1024 * 1024);
        }

        Assert.Contains("is larger than", Assert.Single(ConfigurationReader.ReadFile(path).Messages));
    }

    [Theory]
    [InlineData("\n\n")]
    [InlineData("---\n")]
    [InlineData("# nothing\n")]
    [InlineData("~")]
    public void An_empty_file_is_told(string text)
    {
        var path = _directory.Write("f", text);

        Assert.Equal([$"{path}: is empty: write 'targets:' and under it a list of addresses"], ConfigurationReader.ReadFile(path).Messages);
    }

    [Fact]
    public void A_file_that_is_no_UTF8_is_told()
    {
        var path = _directory.Write("f", [.. "targets:\n- a\n# "u8, 0xE4, .. "\n"u8]);
        Assert.Equal([$"{path}: is not UTF-8: the first wrong byte is in line 3"], ConfigurationReader.ReadFile(path).Messages);

        path = _directory.Write("g", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("targets: [a]")]);
        Assert.Equal([$"{path}: is UTF-16; save it as UTF-8"], ConfigurationReader.ReadFile(path).Messages);
    }

    [Theory]
    [InlineData("targets: [a]\r\nhosts: x y\r\n", "2:8")]
    [InlineData("targets: [a]\rhosts: x y\r", "2:8")]
    [InlineData("# ä€😀\nhosts: x y\ntargets: [a]", "2:8")]
    public void Places_are_right_whatever_ends_a_line(string text, string place)
    {
        var path = _directory.Write("f", text);

        Assert.StartsWith($"{path}:{place}: ", Assert.Single(ConfigurationReader.ReadFile(path).Messages));
    }

    [Fact]
    public void A_byte_order_mark_does_no_harm() =>
        Assert.NotNull(ConfigurationReader.ReadFile(_directory.Write("f", [.. Encoding.UTF8.Preamble, .. "targets: [a]"u8])).Configuration);

    /// <summary>Fails, instead of hanging, when the reading waits for somebody to write.</summary>
    private static Task<ConfigurationReading> ReadSoonAsync(string path) =>
        Task.Run(() => ConfigurationReader.ReadFile(path)).WaitAsync(Patience, Token);
}
