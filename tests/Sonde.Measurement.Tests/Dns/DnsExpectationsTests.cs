using Sonde.Measurement.Dns;
using Xunit;

namespace Sonde.Measurement.Tests.Dns;

public sealed class DnsExpectationsTests
{
    private static readonly string[] Everything = ["."];

    [Theory]
    [InlineData("192.0.2.1", null)]
    [InlineData("192.0.2.2", "no answer is \"192.0.2.2\"")]
    [InlineData("2001:DB8::1", null)]
    [InlineData("2001:db8:0:0::1", null)]
    [InlineData("10 MAIL.example.org", null)]
    [InlineData("10 mail.example.org.", null)]
    [InlineData("20 mail.example.org", "no answer is \"20 mail.example.org\"")]
    [InlineData("v=spf1 -all", null)]
    [InlineData("\"v=spf1\" \" -all\"", null)]
    public void Each_expected_answer_must_be_there(string expected, string? fault)
    {
        var (loss, detail) = new DnsExpectations(null, ["192.0.2.1", expected]).Judge(Message());

        Assert.Equal(fault is null ? LossReason.None : LossReason.UnexpectedRecords, loss);
        Assert.Equal(fault, detail);
    }

    [Theory]
    [InlineData("matches", "192", "answer \"example.org.\\t3600\\tIN\\tA\\t192.0.2.1\" matches \"192\"")]
    [InlineData("matches", "absent", null)]
    [InlineData("allMatch", "IN", null)]
    [InlineData("allMatch", @"\sA\s", "answer \"example.org.\\t3600\\tIN\\tAAAA\\t2001:db8::1\" does not match \"\\\\sA\\\\s\"")]
    [InlineData("notMatches", "IN", null)]
    [InlineData("notMatches", "192", "answer \"example.org.\\t3600\\tIN\\tAAAA\\t2001:db8::1\" does not match \"192\"")]
    [InlineData("noneMatches", "MX", null)]
    [InlineData("noneMatches", "198.51", "no answer matches \"198.51\"")]
    public void The_four_rules_are_those_of_blackbox_exporter(string rule, string pattern, string? fault)
    {
        DnsExpectations expectations = new() { AnswerRules = Rules(rule, pattern) };

        Assert.Equal(fault, expectations.Judge(Message()).Detail);
    }

    [Theory]
    [InlineData("matches", null)]
    [InlineData("allMatch", null)]
    [InlineData("notMatches", "no authority record")]
    [InlineData("noneMatches", "no authority record")]
    public void A_section_without_records_fails_what_must_match(string rule, string? fault)
    {
        DnsExpectations expectations = new() { AuthorityRules = Rules(rule, "x") };

        Assert.Equal(fault, expectations.Judge(Message()).Detail);
    }

    [Fact]
    public void EDNS_is_no_additional_record()
    {
        DnsExpectations expectations = new() { AdditionalRules = new(noneMatches: Everything) };

        Assert.Equal("no additional record", expectations.Judge(Message()).Detail);
    }

    [Theory]
    [InlineData("(")]
    [InlineData("(?=a)b")]
    [InlineData(@"(a)\1")]
    public void A_pattern_that_cannot_run_in_linear_time_is_refused(string pattern) =>
        Assert.ThrowsAny<ArgumentException>(() => new DnsSectionRules(matches: [pattern]));

    [Fact]
    public void Patterns_and_answers_are_bounded()
    {
        Assert.Throws<ArgumentException>(() => new DnsSectionRules([new string('a', 8193)]));
        Assert.Throws<ArgumentException>(() => new DnsSectionRules([.. Enumerable.Repeat("a", 33)]));
        Assert.Throws<ArgumentException>(() => new DnsExpectations(null, [.. Enumerable.Repeat("a", 65)]));
    }

    [Theory]
    [InlineData("aaaa", 28, "AAAA")]
    [InlineData("TYPE28", 28, "AAAA")]
    [InlineData("65280", 65280, "TYPE65280")]
    [InlineData("any", 255, "ANY")]
    public void Types_have_words_and_numbers(string text, int number, string word)
    {
        Assert.True(DnsWords.TryParseType(text, out var type));

        Assert.Equal((number, word), ((int)type, type.ToWord()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("TYPE")]
    [InlineData("TYPE65536")]
    [InlineData("-1")]
    [InlineData("AAAAA")]
    public void What_is_no_type_is_refused(string? text) => Assert.False(DnsWords.TryParseType(text, out _));

    [Fact]
    public void Classes_and_codes_have_words_and_numbers()
    {
        Assert.True(DnsWords.TryParseClass("ch", out var chaos) && chaos == DnsClass.Chaos);
        Assert.True(DnsWords.TryParseResponseCode("nxdomain", out var code) && code == DnsResponseCode.NameError);
        Assert.False(DnsWords.TryParseResponseCode("4096", out _));
        Assert.Equal(("CLASS9", "RCODE4000"), (((DnsClass)9).ToWord(), ((DnsResponseCode)4000).ToWord()));
    }

    private static DnsSectionRules Rules(string rule, string pattern) => rule switch
    {
        "matches" => new(matches: [pattern]),
        "allMatch" => new(allMatch: [pattern]),
        "notMatches" => new(notMatches: [pattern]),
        _ => new(noneMatches: [pattern]),
    };

    private static DnsMessage Message()
    {
        var bytes = new DnsMessageWriter(1, Answers.Usual)
            .AddRecord(1, Answers.Name, DnsRecordType.A, DnsClass.Internet, 3600, Answers.Address)
            .AddRecord(1, Answers.Name, DnsRecordType.Aaaa, DnsClass.Internet, 3600,
                [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
            .AddRecord(1, Answers.Name, DnsRecordType.MX, DnsClass.Internet, 3600,
                [0, 10, .. Answers.Parse("Mail.example.org").Wire])
            .AddRecord(1, Answers.Name, DnsRecordType.Txt, DnsClass.Internet, 3600, Answers.Text("v=spf1", " -all"))
            .AddRecord(3, DnsName.Root, DnsRecordType.Opt, (DnsClass)1232, 0, [])
            .ToArray();
        return DnsMessage.TryRead(bytes, out var message) ? message : throw new FormatException();
    }
}
