using System.Collections.Frozen;
using Sonde.Measurement;

namespace Sonde.Samples;

/// <summary>
/// The words for reasons of loss: for files and JSON stable and in lower camel case; for people a few words of English.
/// </summary>
internal static class LossWords
{
    private static readonly string[] Words = MakeWords();

    private static readonly FrozenDictionary<string, LossReason> Reasons =
        Words.Index().ToFrozenDictionary(word => word.Item, word => (LossReason)word.Index);

    /// <summary>
    /// The word of a reason, for example <c>timeout</c>; empty when answered, <c>reason77</c> for a number of a later
    /// version.
    /// </summary>
    public static string ToWord(this LossReason loss) => Words[(byte)loss];

    /// <summary>The reason of a word that <see cref="ToWord"/> gave; false when it is none.</summary>
    public static bool TryParse(string word, out LossReason loss) => Reasons.TryGetValue(word, out loss);

    /// <summary>
    /// What the reason means, for people: a few words that go on after "lost:". Empty when answered.
    /// </summary>
    public static string ToMeaning(this LossReason loss) => loss switch
    {
        LossReason.None => "",
        LossReason.Timeout => "no answer in time",
        LossReason.NetworkUnreachable => "a router has no route to the network",
        LossReason.HostUnreachable => "the last router cannot reach the host",
        LossReason.ProtocolUnreachable => "the host does not speak the protocol",
        LossReason.PortUnreachable => "nobody listens on the port",
        LossReason.Prohibited => "a firewall refused it",
        LossReason.TimeToLiveExceeded => "the hop limit ran out on the way",
        LossReason.PacketTooBig => "too large for a link on the way",
        LossReason.ParameterProblem => "a node could not read the header",
        LossReason.Refused => "the host refused the connection",
        LossReason.Reset => "the connection was reset",
        LossReason.Closed => "the peer closed the connection early",
        LossReason.NameNotFound => "the name does not exist",
        LossReason.TlsHandshake => "the TLS handshake failed",
        LossReason.TlsCertificate => "the certificate is not valid",
        LossReason.UnexpectedAnswer => "the answer was not the expected one",
        LossReason.UnexpectedStatus => "the status was not an expected one",
        LossReason.UnexpectedHeader => "a header was not as expected",
        LossReason.UnexpectedBody => "the body was not as expected",
        LossReason.BodyTooLarge => "the body was too large",
        LossReason.TooManyRedirects => "it redirects in a loop or too often",
        LossReason.BrokenAnswer => "the answer broke its protocol",
        LossReason.NameServerFailure => "the name server could not find out",
        LossReason.QueryRefused => "the name server refused the query",
        LossReason.UnexpectedResponseCode => "the response code was not the expected one",
        LossReason.UnexpectedRecords => "the records were not the expected ones",
        LossReason.BrokenMessage => "the answer cannot be read",
        LossReason.JobFailed => "the job failed",
        LossReason.Silent => "the job did not call in time",
        LossReason.Unspecified => "the source does not say why",
        _ => "for a reason that this version does not know",
    };

    private static string[] MakeWords()
    {
        var words = new string[256];
        for (var number = 0; number < words.Length; number++)
        {
            words[number] = Enum.GetName((LossReason)number) is { } name
                ? char.ToLowerInvariant(name[0]) + name[1..]
                : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"reason{number}");
        }
        words[(byte)LossReason.None] = "";
        return words;
    }
}
