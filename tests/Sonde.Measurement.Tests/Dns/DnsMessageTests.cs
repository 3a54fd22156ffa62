using FsCheck;
using FsCheck.Fluent;
using Sonde.Measurement.Dns;
using Xunit;

namespace Sonde.Measurement.Tests.Dns;

public sealed class DnsMessageTests
{
    /// <summary>
    /// An answer to <c>MX isc.example</c>, laid out as servers do: compressed names, an additional address of each family, EDNS.
    /// </summary>
    private static readonly byte[] Compressed = Convert.FromHexString(
        "1234858000010002000000040369736307" + "6578616d706c65" + "00000f0001"
        + "c00c000f0001000000780009000a046d61696cc00c"
        + "c00c000f00010000007800090014046d783232c00c"
        + "c02b000100010000003c0004c0000219"
        + "c02b001c00010000003c001020010db8000000000000000000000025"
        + "c040000100010000003c0004c000021a"
        + "0000291000000000000000");

    [Fact]
    public void A_compressed_message_is_read_whole()
    {
        Assert.True(DnsMessage.TryRead(Compressed, out var message));

        Assert.True(message.IsAuthoritative);
        Assert.Equal(DnsResponseCode.NoError, message.ResponseCode);
        Assert.Equal(
            ["isc.example.\t120\tIN\tMX\t10 mail.isc.example.", "isc.example.\t120\tIN\tMX\t20 mx22.isc.example."],
            message.Answers.Select(record => record.ToString()));
        Assert.Equal(
            ["mail.isc.example.\t60\tIN\tA\t192.0.2.25", "mail.isc.example.\t60\tIN\tAAAA\t2001:db8::25",
                "mx22.isc.example.\t60\tIN\tA\t192.0.2.26"],
            message.Additionals.Select(record => record.ToString()));
        Assert.Empty(message.Authorities);
    }

    [Theory]
    [InlineData(DnsRecordType.A, "c0000201", "A\t192.0.2.1")]
    [InlineData(DnsRecordType.Aaaa, "00000000000000000000ffffc0000201", "AAAA\t::ffff:192.0.2.1")]
    [InlineData(DnsRecordType.NS, "026e7300", "NS\tns.")]
    [InlineData(DnsRecordType.Cname, "0161016200", "CNAME\ta.b.")]
    [InlineData(DnsRecordType.AddressName, "00", "PTR\t.")]
    [InlineData(DnsRecordType.MX, "000a00", "MX\t10 .")]
    [InlineData(DnsRecordType.Srv, "0001000213c40173 00", "SRV\t1 2 5060 s.")]
    [InlineData(DnsRecordType.Soa, "016100016200 00000001 00000002 00000003 00000004 ffffffff", "SOA\ta. b. 1 2 3 4 4294967295")]
    [InlineData(DnsRecordType.Txt, "0568656c6c6f 03225c07", "TXT\t\"hello\" \"\\\"\\\\\\007\"")]
    [InlineData(DnsRecordType.Txt, "00", "TXT\t\"\"")]
    [InlineData(DnsRecordType.Caa, "80 05 6973737565 6c6531", "CAA\t128 issue \"le1\"")]
    [InlineData((DnsRecordType)65, "000100", "HTTPS\t\\# 3 000100")]
    [InlineData((DnsRecordType)65280, "", "TYPE65280\t\\# 0")]
    [InlineData(DnsRecordType.A, "c00002", "A\t\\# 3 c00002")] // broken ones
    [InlineData(DnsRecordType.MX, "00", "MX\t\\# 1 00")]
    [InlineData(DnsRecordType.MX, "000a0000", "MX\t\\# 4 000a0000")]
    [InlineData(DnsRecordType.NS, "", "NS\t\\# 0")]
    [InlineData(DnsRecordType.NS, "056e73", "NS\t\\# 3 056e73")]
    [InlineData(DnsRecordType.Soa, "0000 00000001", "SOA\t\\# 6 000000000001")]
    [InlineData(DnsRecordType.Txt, "", "TXT\t\\# 0")]
    [InlineData(DnsRecordType.Txt, "0568", "TXT\t\\# 2 0568")]
    [InlineData(DnsRecordType.Caa, "00ff", "CAA\t\\# 2 00ff")]
    public void A_record_has_its_text(DnsRecordType type, string contents, string text)
    {
        var bytes = new DnsMessageWriter(1, Answers.Usual).AddRecord(
            1, Answers.Name, type, DnsClass.Internet, 2_147_483_648,
            Convert.FromHexString(contents.Replace(" ", "", StringComparison.Ordinal))).ToArray();

        Assert.True(DnsMessage.TryRead(bytes, out var message));
        Assert.Equal("example.org.\t2147483648\tIN\t" + text, message.Answers[0].ToString());
    }

    [Fact]
    public void Every_shorter_message_is_refused()
    {
        for (var length = 0; length < Compressed.Length; length++)
        {
            Assert.False(DnsMessage.TryRead(Compressed[..length], out _), $"{length} bytes");
        }
    }

    [Fact]
    public void What_was_written_is_read_again() => Prop.ForAll<NonEmptyArray<Tuple<ushort, uint, byte[]>>>(records =>
    {
        var writer = new DnsMessageWriter(7, Answers.Usual).Ask(Answers.Name, DnsRecordType.Any, DnsClass.Any);
        var written = records.Get.Where(record => record.Item3 is not null && record.Item1 != 41).ToList();
        foreach (var (type, timeToLive, contents) in written)
        {
            writer.AddRecord(1, Answers.Name, (DnsRecordType)type, DnsClass.Internet, timeToLive, contents);
        }
        return DnsMessage.TryRead(writer.ToArray(), out var message)
            && message.Answers.Select(record => ((ushort)record.Type, record.TimeToLive))
                .SequenceEqual(written.Select(record => (record.Item1, record.Item2)))
            && message.Answers.All(record => record.Name.Equals(Answers.Name));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_bytes_make_reading_throw() => Prop.ForAll<byte[]>(bytes => ReadsWithoutThrowing([.. Header, .. bytes]))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    [Fact]
    public void No_change_to_a_real_message_makes_reading_throw() => Prop.ForAll<Tuple<byte, byte>[]>(changes =>
    {
        var message = Compressed.ToArray();
        foreach (var (at, value) in changes)
        {
            message[at % message.Length] = value;
        }
        return ReadsWithoutThrowing(message);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    private static readonly byte[] Header = [0, 7, 0x81, 0x80, 0, 1, 0, 3, 0, 2, 0, 2];

    /// <summary>Reading may fail; what it gives must have text and a judgement.</summary>
    private static bool ReadsWithoutThrowing(byte[] bytes)
    {
        var query = new DnsQuestion(Answers.Name, DnsRecordType.A).Write(1232);
        _ = DnsMessage.Match(bytes, 7, query);
        if (DnsMessage.TryRead(bytes, out var message))
        {
            DnsSectionRules rules = new(["x"], ["."], ["."], ["."]);
            DnsExpectations expectations = new([message.ResponseCode], ["x"])
            {
                AnswerRules = rules,
                AuthorityRules = rules,
                AdditionalRules = rules,
            };
            _ = expectations.Judge(message);
            _ = new DnsFindings { Transport = DnsTransport.Udp }.With(message, LossReason.None).Quantities;
            return message.Answers.Concat(message.Authorities).Concat(message.Additionals)
                .All(record => record.ToString().All(character => character is '\t' or (>= ' ' and <= '~')));
        }
        return true;
    }
}
