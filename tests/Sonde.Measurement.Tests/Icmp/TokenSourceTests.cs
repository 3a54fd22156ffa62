using Sonde.Measurement.Icmp;
using Xunit;

namespace Sonde.Measurement.Tests.Icmp;

public sealed class TokenSourceTests
{
    [Fact]
    public void No_token_comes_twice_nor_is_empty()
    {
        var one = new TokenSource();
        var other = new TokenSource();

        var tokens = Enumerable.Range(0, 1_000).SelectMany(_ => new[] { one.Next(), other.Next() }).ToHashSet();

        Assert.Equal(2_000, tokens.Count);
        Assert.DoesNotContain(default, tokens);
    }

    [Fact]
    public void Every_bit_is_drawn()
    {
        var source = new TokenSource();
        var (set, unset) = (default(Token), default(Token));
        for (var i = 0; i < 1_000; i++)
        {
            var token = source.Next();
            set = new Token(set.High | token.High, set.Low | token.Low);
            unset = new Token(unset.High | ~token.High, unset.Low | ~token.Low);
        }

        Assert.Equal(new Token(ulong.MaxValue, ulong.MaxValue), set);
        Assert.Equal(new Token(ulong.MaxValue, ulong.MaxValue), unset);
    }
}
