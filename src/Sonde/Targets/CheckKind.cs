namespace Sonde.Targets;

/// <summary>How a check measures.</summary>
internal enum CheckKind : byte
{
    /// <summary>Echo request and reply (RFC 792, RFC 4443).</summary>
    Icmp = 1,

    /// <summary>The handshake of a TCP connection, and if asked TLS and a dialogue of lines.</summary>
    Tcp = 2,

    /// <summary>A request, and what comes back.</summary>
    Http = 3,

    /// <summary>A question to a named resolver.</summary>
    Dns = 4,

    /// <summary>Nothing is sent: a job calls, and silence is a loss.</summary>
    Push = 5,

    /// <summary>Nothing is measured: its samples came from a file. No configuration can ask for it.</summary>
    Import = 6,
}

/// <summary>The words for kinds in files, URLs and metrics.</summary>
internal static class CheckKindWords
{
    /// <summary>The kind's word, for example <c>icmp</c>.</summary>
    public static string ToWord(this CheckKind kind) => kind switch
    {
        CheckKind.Icmp => "icmp",
        CheckKind.Tcp => "tcp",
        CheckKind.Http => "http",
        CheckKind.Dns => "dns",
        CheckKind.Push => "push",
        CheckKind.Import => "import",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such kind"),
    };

    /// <summary>
    /// The kind that a default id begins with; <see cref="CheckKind.Import"/> when it begins with none.
    /// </summary>
    public static CheckKind OfId(CheckId id)
    {
        foreach (var kind in Enum.GetValues<CheckKind>())
        {
            if (id.Value.StartsWith(kind.ToWord() + '-', StringComparison.Ordinal))
            {
                return kind;
            }
        }
        return CheckKind.Import;
    }
}
