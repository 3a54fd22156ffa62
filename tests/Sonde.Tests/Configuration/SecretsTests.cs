using Sonde.Configuration;
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

    private ConfigurationReading Read(string text) =>
        ConfigurationReader.ReadFile(_directory.Write("sonde.yaml", text), name => _environment.GetValueOrDefault(name));
}
