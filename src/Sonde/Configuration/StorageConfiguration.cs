using System.Collections.Immutable;
using System.Data.Common;

namespace Sonde.Configuration;

/// <summary>The PostgreSQL database that keeps the samples instead of the data directory.</summary>
internal sealed record StorageConfiguration
{
    /// <summary>
    /// The servers, each as <c>host:port</c>, in the order in which they are tried; or one directory of a Unix socket.
    /// </summary>
    public required ImmutableArray<string> Hosts { get; init; }

    /// <summary>The database.</summary>
    public required string Database { get; init; }

    /// <summary>Who we are there; null = the user of the operating system.</summary>
    public string? User { get; init; }

    /// <summary>Secret; null = none, or by <c>PGPASSWORD</c> or a password file.</summary>
    public string? Password { get; init; }

    /// <summary>What else the address says, as Npgsql names it, in the order of these names.</summary>
    public ImmutableSortedDictionary<string, string> Options { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>All of it for Npgsql; secret.</summary>
    public string ConnectionString
    {
        get
        {
            var text = new DbConnectionStringBuilder { ["Host"] = string.Join(',', Hosts), ["Database"] = Database };
            if (User is not null)
            {
                text["Username"] = User;
            }
            if (Password is not null)
            {
                text["Password"] = Password;
            }
            foreach (var (name, value) in Options)
            {
                text[name] = value;
            }
            return text.ConnectionString;
        }
    }

    /// <summary>The address without its password and options: for logs, pages and messages.</summary>
    public override string ToString()
    {
        var user = User is null ? "" : Uri.EscapeDataString(User) + "@";
        var isSocket = Hosts[0].StartsWith('/');
        var database = Uri.EscapeDataString(Database);
        return isSocket
            ? $"postgres://{user}/{database}?host={Hosts[0]}"
            : $"postgres://{user}{string.Join(',', Hosts.Select(WithoutUsualPort))}/{database}";
    }

    /// <inheritdoc/>
    public bool Equals(StorageConfiguration? other) => ConnectionString == other?.ConnectionString;

    /// <inheritdoc/>
    public override int GetHashCode() => ConnectionString.GetHashCode(StringComparison.Ordinal);

    private static string WithoutUsualPort(string host) =>
        host.EndsWith(":5432", StringComparison.Ordinal) ? host[..^":5432".Length] : host;
}
