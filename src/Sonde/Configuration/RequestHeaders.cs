using System.Collections.Immutable;

namespace Sonde.Configuration;

/// <summary>Headers of a request to somebody whom the configuration names. Equal when they say the same.</summary>
internal sealed class RequestHeaders(ImmutableArray<(string Name, string Value)> all) : IEquatable<RequestHeaders>
{
    /// <summary>No headers.</summary>
    public static readonly RequestHeaders None = new([]);

    /// <summary>The headers in the order of the file; no name twice. The values may be secret.</summary>
    public ImmutableArray<(string Name, string Value)> All => all;

    /// <summary>Puts them on a request.</summary>
    public void AddTo(HttpRequestMessage request)
    {
        foreach (var (name, value) in all)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }

    /// <inheritdoc/>
    public bool Equals(RequestHeaders? other) => other is not null && all.SequenceEqual(other.All);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as RequestHeaders);

    /// <inheritdoc/>
    public override int GetHashCode() => all.Length;

    /// <summary>Leaves them out: what is printed may be logged.</summary>
    public override string ToString() => nameof(RequestHeaders);
}
