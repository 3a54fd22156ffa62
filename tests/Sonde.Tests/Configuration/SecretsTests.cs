using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Sonde.Configuration;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Configuration;

public sealed class SecretsTests : IDisposable
{
    private const string Token = "0123456789abcdefSECRET";

    private readonly ScratchDirectory _directory = new();
    private readonly Dictionary<string, string> _environment = new() { ["TOKEN"] = Token, ["HOST"] = "router.example", ["EMPTY"] = "" };

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("targets: ['${HOST}']", "router.example")]
    [InlineData("targets: ['${HOST}:80']", "router.example:80")]
    [InlineData("targets: ['${NONE:-192.0.2.1}']", "192.0.2.1")]
    [InlineData("targets: ['${EMPTY:-192.0.2.1}']", "192.0.2.1")]
    [InlineData("targets: ['${HOST:-192.0.2.1}']", "router.example")]
    [InlineData("targets: ['a${NONE:-}b']", "ab")]
    [InlineData("targets:\n- ${HOST}", "router.example")]
    public void Variables_are_put_in(string text, string address) =>
        Assert.Equal(address, Assert.Single(Read(text).Configuration!.Checks).Address);

    [Fact]
    public void A_doubled_sign_stands_for_itself()
    {
        var steps = Read("targets: [{address: 'a:1', dialogue: [{expect: '^x$${0}$', send: '$5 $${HOST} ${HOST}'}]}]")
            .Configuration!.Checks[0].Dialogue!.Steps;

        Assert.Equal("^x${0}$", steps[0].Expect);
        Assert.Equal("$5 ${HOST} router.example", steps[0].Send);
    }

    [Theory]
    [InlineData("${NONE}", "the environment variable NONE is not set, and no default is given as ${NONE:-default}")]
    [InlineData("${EMPTY}", "the environment variable EMPTY is not set, and no default is given as ${EMPTY:-default}")]
    [InlineData("${HOST", "the variable that ${ opens lacks its }; write $${ for the characters themselves")]
    [InlineData("${}", "a variable is written ${NAME} or ${NAME:-default}, its name of letters, digits and _; write $${ for the characters themselves")]
    [InlineData("${1A}", "a variable is written ${NAME} or ${NAME:-default}, its name of letters, digits and _; write $${ for the characters themselves")]
    [InlineData("${HOST-x}", "a variable is written ${NAME} or ${NAME:-default}, its name of letters, digits and _; write $${ for the characters themselves")]
    public void A_wrong_or_missing_variable_is_told_at_its_place(string value, string message) =>
        Assert.Equal($"{_directory.Path}/sonde.yaml:2:4: {message}", Assert.Single(Read($"targets:\n - '{value}'").Messages));

    [Fact]
    public void Variables_that_multiply_are_bounded()
    {
        _environment["HOST"] = new string('a', 9_000);

        Assert.Contains("exceeds 10000 characters", Assert.Single(Read("targets: ['${HOST}${HOST}']").Messages));
    }

    [Fact]
    public void A_secret_may_stand_in_a_file_beside_the_configuration()
    {
        _directory.Write("token", Token + "\n");

        Assert.Equal(Token, Read("token: {file: token}\ntargets: [a]").Configuration!.Web.Token);
        Assert.Equal(Token, Read($"token: {{file: {_directory.Path}/token}}\ntargets: [a]").Configuration!.Web.Token);
        Assert.Equal(Token, Read("token: ${TOKEN}\ntargets: [a]").Configuration!.Web.Token);
        Assert.Equal(
            Token, Read("targets: [{address: 'a:1', dialogue: [{send: {file: token}}]}]").Configuration!.Checks[0].Dialogue!.Steps[0].Send);
    }

    [Theory]
    [InlineData("missing", "the file 'missing' does not exist")]
    [InlineData(".", "the file '.' is a directory, not a file")]
    [InlineData("blank", "the file 'blank' is empty")]
    [InlineData("large", "the file 'large' is larger than 10,000 bytes, the most that is read")]
    [InlineData("lines", "the file for 'token' holds more than 1000 characters or more than one line")]
    [InlineData("/dev/zero", "the file '/dev/zero' " + FileContent.NotAFile)]
    [InlineData("pipe", "the file 'pipe' " + FileContent.NotAFile)]
    public void A_secret_file_that_cannot_serve_is_told_at_its_place(string file, string message)
    {
        _directory.Write("blank", " \n");
        _directory.Write("large", new string('a', 10_001));
        _directory.Write("lines", $"{Token}\n{Token}");
        _directory.MakePipe("pipe");

        Assert.Equal(
            $"{_directory.Path}/sonde.yaml:1:15: {message}",
            Assert.Single(Read($"token: {{file: {file}}}\ntargets: [a]").Messages));
    }

    [Theory]
    [InlineData("token: short${X:-SECRET}", "'token' takes at least 16")]
    [InlineData("token: [0123456789abcdefSECRET]", "'token' takes a text or {file: path}, not a list")]
    [InlineData("token: 0123456789 abcdefSECRET", "'token' takes at least 16")]
    [InlineData("token: {fil: 0123456789abcdefSECRET}", "did you mean 'file'?")]
    [InlineData("token:0123456789abcdefSECRET: x", "'token:…' lacks the space behind its ':'")]
    [InlineData("token:0123456789abcdefSECRET", "this ':' may not stand here")]
    [InlineData("token: \"0123456789abcdefSECRET\\q\"", "no known escape")]
    [InlineData("tokn: 0123456789abcdefSECRET", "did you mean 'token'?")]
    [InlineData("interval: ${TOKEN}", "belongs to")]
    [InlineData("listen: ${TOKEN}", "'${TOKEN}' is no listen address")]
    [InlineData("timezone: ${TOKEN}", "not '${TOKEN}'")]
    [InlineData("hosts: ['${TOKEN} ']", "'${TOKEN} ' is not a host name")]
    [InlineData("groups: [{name: '${TOKEN}', targets: [b]}, {name: '${TOKEN}', targets: [c]}]", "the group '${TOKEN}' is written twice")]
    [InlineData("groups: [{name: g, targets: ['${TOKEN}', '${TOKEN}']}]", "the icmp target '${TOKEN}' is written twice")]
    [InlineData("defaults: {port: 1, dialogue: [{send: \"SECRET\\n\"}]}", "'send' takes 1 to 1000 characters")]
    [InlineData("defaults: {port: 1, dialogue: [{expect: '(${TOKEN}'}]}", "the regular expression is wrong")]
    [InlineData("defaults: {port: '${TOKEN}'}", "'port' takes a whole number from 1 to 65535, not '${TOKEN}'")]
    public void No_secret_stands_in_a_message(string line, string expected)
    {
        var messages = string.Join('\n', Read(line + "\ntargets: [a]").Messages);

        Assert.Contains(expected, messages);
        Assert.DoesNotContain("SECRET", messages);
    }

    [Theory]
    [InlineData("targets: ['${HOME}']", "f:1:11")]
    [InlineData("targets: ['${HOME:-a}']", "f:1:11")]
    [InlineData("token: {file: /etc/passwd}\ntargets: [a]", "f:1:8")]
    public void A_pasted_text_may_not_read_this_machine(string text, string place) =>
        Assert.Equal(
            $"{place}: variables and secret files come only from a configuration on disk, never from a pasted one",
            Reading.OneMessage(text));

    [Fact]
    public void Certificates_are_looked_for_beside_the_configuration()
    {
        _directory.Write("cert.pem", "x");

        var reading = Read("tls: {cert: cert.pem, key: key.pem}\ntargets: [a]");
        Assert.Equal($"{_directory.Path}/sonde.yaml:1:28: the file 'key.pem' does not exist", Assert.Single(reading.Messages));

        _directory.Write("key.pem", "x");
        reading = Read("tls: {cert: cert.pem, key: key.pem}\ntargets: [a]");
        Assert.Equal(new TlsFiles($"{_directory.Path}/cert.pem", $"{_directory.Path}/key.pem"), reading.Configuration!.Web.Tls);
    }

    [Fact]
    public void The_PEM_files_of_a_check_are_read_and_checked_with_the_configuration()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=a", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _directory.Write("cert.pem", certificate.ExportCertificatePem());
        _directory.Write("key.pem", key.ExportPkcs8PrivateKeyPem());
        _directory.Write("other.pem", other.ExportPkcs8PrivateKeyPem());
        _directory.Write("both.pem", certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        _directory.Write("none.pem", "no certificate");

        TlsTrust Good(string tls) => Assert.Single(Read(Text(tls)).Configuration!.Checks).Http!.Tls;
        string Bad(string tls) => Assert.Single(Read(Text(tls)).Messages);
        static string Text(string tls) => $"targets:\n- address: https://a\n  tls: {{{tls}}}";

        Assert.Equal(certificate.ExportCertificatePem(), Good("authorityFile: cert.pem").Authorities);
        Assert.Equal(
            (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem()),
            Good("certificateFile: cert.pem, keyFile: key.pem") is var trust ? (trust.Certificate, trust.Key) : default);
        Assert.Contains("PRIVATE KEY", Good("certificateFile: both.pem").Key);
        Assert.EndsWith(":3:24: the file 'none.pem' holds no certificate in PEM", Bad("authorityFile: none.pem"));
        Assert.EndsWith(":3:24: the file 'gone.pem' does not exist", Bad("authorityFile: gone.pem"));
        Assert.Contains(":3:26: the files hold no certificate in PEM with", Bad("certificateFile: cert.pem, keyFile: other.pem"));
        Assert.Contains(":3:26: the files hold no certificate in PEM with", Bad("certificateFile: cert.pem"));
        Assert.EndsWith(":3:9: 'keyFile' is of use only beside 'certificateFile'", Bad("keyFile: key.pem"));
    }

    [Fact]
    public void Passwords_and_tokens_of_checks_may_stand_in_files_and_never_in_what_is_printed()
    {
        _directory.Write("password", Token);

        var checks = Read("""
            targets:
              - {address: 'https://a', basicAuth: {username: me, password: {file: password}}}
              - {address: 'https://b', bearerToken: '${TOKEN}', headers: {X-Key: {file: password}}, body: {file: password}}
              - {name: c, kind: push, interval: 1h, token: {file: password}}
            """).Configuration!.Checks;

        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("me:" + Token)), checks[0].Http!.Authorization);
        Assert.Equal(("Bearer " + Token, Token, Token), (checks[1].Http!.Authorization, checks[1].Http!.Headers[0].Value, checks[1].Http!.Body));
        Assert.Equal(Token, checks[2].Push!.Token);
        Assert.All(checks, check => Assert.DoesNotContain("SECRET", check.ToString()));
    }

    private ConfigurationReading Read(string text) =>
        ConfigurationReader.ReadFile(_directory.Write("sonde.yaml", text), name => _environment.GetValueOrDefault(name));
}
