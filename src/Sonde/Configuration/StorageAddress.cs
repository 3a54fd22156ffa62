using System.Collections.Immutable;
using System.Globalization;

namespace Sonde.Configuration;

/// <summary>Takes <c>postgres://user:password@host:5432/database?sslmode=require</c> apart, as libpq does.</summary>
/// <remarks>
/// PostgreSQL's documentation, "Connection URIs". No message repeats a part of the address: where it is wrong, a
/// password may stand anywhere.
/// </remarks>
internal static class StorageAddress
{
    /// <summary>The query parameters that may follow the address.</summary>
    public static readonly string[] Parameters =
    [
        "application_name", "connect_timeout", "host", "passfile", "sslcert", "sslkey", "sslmode", "sslrootcert",
        "target_session_attrs",
    ];

    private const int UsualPort = 5432;
    private const int MostHosts = 10;
    private const int MostSeconds = 300;

    private static readonly string[] Schemes = ["postgres://", "postgresql://"];

    private static readonly Dictionary<string, string> SslModes = new(StringComparer.Ordinal)
    {
        ["disable"] = "Disable",
        ["allow"] = "Allow",
        ["prefer"] = "Prefer",
        ["require"] = "Require",
        ["verify-ca"] = "VerifyCA",
        ["verify-full"] = "VerifyFull",
    };

    /// <summary>Reads the address.</summary>
    /// <param name="text">The address.</param>
    /// <param name="directory">Paths of files in it are relative to this directory.</param>
    /// <param name="storage">What it says; null when something is wrong.</param>
    /// <returns>Null, or what is wrong with it, to follow the key's name.</returns>
    public static string? Parse(string text, string directory, out StorageConfiguration? storage)
    {
        storage = null;
        if (Array.Find(Schemes, scheme => text.StartsWith(scheme, StringComparison.Ordinal)) is not { } known)
        {
            return "takes postgres://user:password@host:5432/database; without the key, samples are kept in the data "
                + "directory";
        }
        if (text.Contains('#', StringComparison.Ordinal))
        {
            return "takes an address without #; in a password write it %23";
        }
        var (place, query) = Split(text[known.Length..], '?');
        var (authority, database) = Split(place, '/');
        var at = authority.LastIndexOf('@');
        var (user, password) = Split(at < 0 ? "" : authority[..at], ':');
        var read = new StorageConfiguration
        {
            Hosts = [],
            Database = Uri.UnescapeDataString(database ?? ""),
            User = user.Length > 0 ? Uri.UnescapeDataString(user) : null,
            Password = password?.Length > 0 ? Uri.UnescapeDataString(password) : null,
        };
        var problem = ReadHosts(authority[(at + 1)..], ref read)
            ?? ReadParameters(query ?? "", directory, ref read)
            ?? Check(read, database ?? "");
        storage = problem is null ? read : null;
        return problem;
    }

    private static string? ReadHosts(string text, ref StorageConfiguration read)
    {
        var hosts = text.Length == 0 ? [] : text.Split(',');
        if (hosts.Length > MostHosts)
        {
            return $"takes at most {MostHosts} hosts";
        }
        var written = ImmutableArray.CreateBuilder<string>();
        foreach (var host in hosts)
        {
            if (AddressText.Parse(host, out var name, out var port) is not null)
            {
                return "takes host, host:port or [IPv6 address]:port, and several with commas between; in a user or "
                    + "password write @ as %40, : as %3A, / as %2F, ? as %3F, # as %23 and % as %25";
            }
            var bare = name.Contains(':', StringComparison.Ordinal) ? $"[{name}]" : name;
            written.Add(string.Create(CultureInfo.InvariantCulture, $"{bare}:{port ?? UsualPort}"));
        }
        read = read with { Hosts = written.ToImmutable() };
        return null;
    }

    private static string? ReadParameters(string query, string directory, ref StorageConfiguration read)
    {
        foreach (var part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, raw) = Split(part, '=');
            if (raw is not { Length: > 0 })
            {
                return "takes parameters behind the ? as name=value, with & between";
            }
            if (ReadParameter(name, Uri.UnescapeDataString(raw), directory, ref read) is { } problem)
            {
                return problem;
            }
        }
        return null;
    }

    private static string? ReadParameter(string name, string value, string directory, ref StorageConfiguration read)
    {
        switch (name)
        {
            case "sslmode":
                return SslModes.TryGetValue(value, out var mode)
                    ? Add("SSL Mode", mode, ref read)
                    : $"takes sslmode={string.Join(", ", SslModes.Keys)}";
            case "connect_timeout":
                return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                    && seconds is >= 1 and <= MostSeconds
                    ? Add("Timeout", value, ref read)
                    : $"takes connect_timeout=1 to {MostSeconds} seconds";
            case "target_session_attrs":
                return value is "primary" or "read-write"
                    ? null   // is so in any case
                    : "writes, so it takes no other target_session_attrs than primary";
            case "host" when value.StartsWith('/') && read.Hosts.IsEmpty:
                read = read with { Hosts = [value] };
                return null;
            case "host":
                return "takes ?host= only for the directory of a Unix socket, as in postgres:///database?host=/run/"
                    + "postgresql";
            case "application_name":
                return Add("Application Name", value, ref read);
            case "passfile":
                return AddFile("Passfile", name, value, directory, ref read);
            case "sslrootcert":
                return AddFile("Root Certificate", name, value, directory, ref read);
            case "sslcert":
                return AddFile("SSL Certificate", name, value, directory, ref read);
            case "sslkey":
                return AddFile("SSL Key", name, value, directory, ref read);
            default:
                return $"has a parameter that is not known here; known: {string.Join(", ", Parameters)}";
        }
    }

    private static string? Add(string name, string value, ref StorageConfiguration read)
    {
        read = read with { Options = read.Options.SetItem(name, value) };
        return null;
    }

    private static string? AddFile(
        string name, string written, string path, string directory, ref StorageConfiguration read)
    {
        var absolute = Path.GetFullPath(Path.Combine(directory, path));
        return File.Exists(absolute)
            ? Add(name, absolute, ref read)
            : $"names a file for {written} that does not exist";
    }

    private static string? Check(StorageConfiguration read, string database)
    {
        if (read.Hosts.IsEmpty)
        {
            return "names no host: write postgres://user@host/database, or postgres:///database?host=/run/postgresql "
                + "for a Unix socket";
        }
        if (read.Database.Length == 0)
        {
            return "names no database: write postgres://user@host/database";
        }
        var isPlain = !database.Contains('/', StringComparison.Ordinal)
            && !(read.Database + read.User + read.Password).Any(char.IsControl);
        return isPlain
            ? null
            : "takes one word for the database, without / and control characters, behind the host; in a user or "
                + "password write @ as %40, : as %3A, / as %2F, ? as %3F, # as %23 and % as %25";
    }

    private static (string Before, string? Behind) Split(string text, char separator)
    {
        var place = text.IndexOf(separator, StringComparison.Ordinal);
        return place < 0 ? (text, null) : (text[..place], text[(place + 1)..]);
    }
}
