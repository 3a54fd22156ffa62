using Sonde.Measurement;

namespace Sonde.Charts;

/// <summary>What a reason of loss means, for people.</summary>
internal static class LossMeaning
{
    /// <summary>A few words that end a sentence beginning with "lost:".</summary>
    public static string Of(LossReason reason) => reason switch
    {
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
        LossReason.Unspecified => "the source does not say why",
        _ => "for a reason that this version does not know",
    };
}
