using System.Net;
using Sonde.Configuration;
using Sonde.Measurement.Dns;
using Sonde.Probing;
using Sonde.Targets;

namespace Sonde.Cli;

/// <summary>A target as the user wrote it, taken apart.</summary>
/// <param name="Text">As it was written.</param>
/// <param name="Host">Its host, or the resolver: a name or an IP address.</param>
/// <param name="Port">The port; null = none is written, and for a URL, which has it itself.</param>
/// <param name="Address">The host where it is an address; null = a name.</param>
internal readonly record struct PingWord(string Text, string Host, int? Port, IPAddress? Address)
{
    /// <summary>The URL to ask; null for other kinds.</summary>
    public Uri? Url { get; init; }

    /// <summary>What the resolver is asked; null for other kinds.</summary>
    public DnsQuestion? Question { get; init; }

    /// <summary>How it is measured.</summary>
    public CheckKind Kind => Url is not null ? CheckKind.Http : Question is not null ? CheckKind.Dns
        : Port is not null ? CheckKind.Tcp : CheckKind.Icmp;
}

/// <summary>
/// What the user wrote as targets, <c>host</c>, <c>host:port</c>, <c>[IPv6]:port</c>, a URL or
/// <c>dns://resolver/name</c>, and all that is wrong with it.
/// </summary>
internal sealed class PingWords
{
    /// <summary>Targets at most.</summary>
    public const int Most = 1_000_000;

    private const int MostBytes = 64 << 20; // a million of the longest addresses
    private const int LongestShown = 80;

    private readonly List<PingWord> _words = [];
    private readonly List<string> _problems = [];

    private PingWords()
    {
    }

    /// <summary>The targets, those of the file last.</summary>
    public IReadOnlyList<PingWord> Words => _words;

    /// <summary>What is wrong, a sentence each, with its line in the file; empty when all is right.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Takes apart what stands on the command line and, a target a line, in a file.</summary>
    /// <param name="arguments">The words of the command line.</param>
    /// <param name="file">The file of further ones; null = there is none.</param>
    public static PingWords Read(IEnumerable<string> arguments, string? file)
    {
        var words = new PingWords();
        foreach (var argument in arguments)
        {
            words.Add(argument, "");
        }
        if (file is not null)
        {
            words.AddFile(file);
        }
        if (words._words.Count > Most)
        {
            words._problems.Add(FormattableString.Invariant($"there are more than {Most:N0} targets"));
        }
        return words;
    }

    private void AddFile(string file)
    {
        var before = _words.Count + _problems.Count;
        var (text, fault) = file.Length == 0
            ? new FileContent(null, "-f takes the name of a file")
            : FileContent.Read(file, MostBytes);
        if (text is null)
        {
            _problems.Add(file.Length == 0 ? fault! : $"{file}: {fault}");
            return;
        }
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            var comment = line.IndexOf('#');
            var word = (comment < 0 ? line : line[..comment]).Trim();
            if (word.Length > 0 && _words.Count + _problems.Count <= Most)
            {
                Add(word.ToString(), $"{file}:{number}: ");
            }
        }
        if (_words.Count + _problems.Count == before)
        {
            _problems.Add($"{file}: there is no target in the file");
        }
    }

    private void Add(string word, string place)
    {
        if (IPAddress.TryParse(word, out var plain) && plain.ToString() == word) // the most, and fast
        {
            _words.Add(new PingWord(word, word, null, plain));
        }
        else if (word.Length == 0)
        {
            _problems.Add("a target is empty; name a host, host:port, a URL or dns://resolver/name");
        }
        else if (Parse(word, out var target) is { } fault)
        {
            _problems.Add($"{place}'{Shown(TargetAddress.WithoutSecrets(word))}' {fault}");
        }
        else
        {
            _words.Add(target);
        }
    }

    /// <returns>Null when it is a target; else what is wrong with it.</returns>
    private static string? Parse(string text, out PingWord word)
    {
        word = default;
        if (TargetAddress.Parse(text, out var parsed) is { } fault)
        {
            return fault;
        }
        var address = parsed!;
        if (address.Dns is { Query: null })
        {
            return "does not say which name to ask for: wanted dns://resolver/name";
        }
        word = new PingWord(
            text, address.Host, address.Port, IPAddress.TryParse(address.Host, out var ip) ? ip : null)
        {
            Url = address.Url,
            Question = address.Dns is { } dns ? DnsTargets.QuestionOf(dns.Over(new DnsSettings { Query = "" })) : null,
        };
        return null;
    }

    /// <summary>Fit for a terminal: not endless, and without what would steer it.</summary>
    private static string Shown(string word) => string.Concat(
        (word.Length > LongestShown ? word[..LongestShown] + "…" : word).Select(c => char.IsControl(c) ? '?' : c));
}
