using System.Net;
using Sonde.Measurement.Tcp;
using Sonde.Probing;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Probing;

public sealed class ProbeTargetsTests
{
    [Fact]
    public void The_step_that_begins_TLS_knows_the_name_and_whether_to_verify()
    {
        var check = new Check
        {
            Id = CheckId.Parse("tcp-mail"),
            Name = "Mail",
            Kind = CheckKind.Tcp,
            Host = "mail.test",
            Port = 25,
            Dialogue = new TcpDialogue(Tls: false, new TlsTrust { Verify = false }, [new("^220", "x"), new(null, null, StartTls: true)]),
        };

        var target = Assert.IsType<TcpTarget>(ProbeTargets.For(check, IPAddress.Loopback));

        Assert.Null(target.Tls);
        Assert.Null(target.Dialogue[0].StartTls);
        Assert.Equal(("mail.test", false), (target.Dialogue[1].StartTls!.ServerName, target.Dialogue[1].StartTls!.Verify));
    }
}
