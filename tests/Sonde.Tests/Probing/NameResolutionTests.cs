using System.Net;
using System.Threading.Channels;
using Sonde.Probing;
using Xunit;

namespace Sonde.Tests.Probing;

/// <summary>Only names that no request leaves the machine for.</summary>
public sealed class NameResolutionTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly NameResolution _names;

    public NameResolutionTests() => _names = new NameResolution(_time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _names.Dispose();

    [Fact]
    public async Task The_name_of_this_machine_has_a_loopback_address()
    {
        var name = await _names.ResolveAsync("localhost", Token);

        Assert.Null(name.Problem);
        Assert.All(name.Addresses!, address => Assert.True(IPAddress.IsLoopback(address)));
        Assert.NotEmpty(name.Addresses!);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    [InlineData(5_000)]
    public async Task What_cannot_be_a_name_is_not_asked_for(int length)
    {
        var name = await _names.ResolveAsync(new string('a', length), Token);

        Assert.Empty(name.Addresses!);
        Assert.EndsWith("is no name: names have 1 to 254 characters", name.Problem);
    }

    [Fact]
    public async Task Names_are_resolved_at_once_and_again_when_they_change()
    {
        var told = Channel.CreateBounded<string>(10);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Token);
        SetNames("localhost");
        var running = _names.RunAsync(stopping.Token);

        Assert.Equal("localhost", await told.Reader.ReadAsync(Token));
        SetNames("LOCALHOST");
        Assert.Equal("LOCALHOST", await told.Reader.ReadAsync(Token));

        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        void SetNames(string name) => _names.SetNames(new Dictionary<string, Action<ResolvedName>>
        {
            [name] = resolved => told.Writer.TryWrite(resolved.Problem ?? name),
        });
    }

    [Fact]
    public async Task Names_are_resolved_again_after_a_minute()
    {
        var told = Channel.CreateBounded<ResolvedName>(10);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Token);
        _names.SetNames(new Dictionary<string, Action<ResolvedName>>
        {
            [""] = name => told.Writer.TryWrite(name), // no name: resolved without a timer, so the first is the interval's
        });
        var running = _names.RunAsync(stopping.Token);
        await told.Reader.ReadAsync(Token);
        await _time.Armed;
        Assert.Equal(0, told.Reader.Count); // once, not once more for having been set

        _time.Advance(NameResolution.Interval);
        await told.Reader.ReadAsync(Token);

        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }
}
