using System.Data.Common;
using Sonde.Configuration;
using Xunit;

namespace Sonde.Tests.Configuration;

/// <summary>The key <c>storage</c>.</summary>
public sealed class StorageTests : IDisposable
{
    private readonly ScratchDirectory _directory = new();
    private readonly Dictionary<string, string> _environment = new()
    {
        ["PASSWORD"] = "a@b:c/d?e#f%20'\";= g",
        ["URL"] = "postgres://me:p%40ss@db/samples",
        ["HOSTS"] = "a:1,b:2",
    };

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Without_it_samples_stay_in_the_data_directory() => Assert.Null(Good("targets: [a]").Storage);

    [Theory]
    [InlineData("postgres://sonde:secret@db:5433/samples", "host=db:5433 database=samples username=sonde password=secret", "postgres://sonde@db:5433/samples")]
    [InlineData("postgresql://db/samples", "host=db:5432 database=samples", "postgres://db/samples")]
    [InlineData("postgres://u@a,b:6000,[2001:db8::1]:7000,[::1]/s", "host=a:5432,b:6000,[2001:db8::1]:7000,[::1]:5432 database=s username=u", "postgres://u@a,b:6000,[2001:db8::1]:7000,[::1]/s")]
    [InlineData("postgres://u:p%40%3A%2F@h/a%20b", "host=h:5432 database=a b username=u password=p@:/", "postgres://u@h/a%20b")]
    [InlineData("postgres://u:x@y@h/s", "host=h:5432 database=s username=u password=x@y", "postgres://u@h/s")]
    [InlineData("postgres:///s?host=/run/postgresql", "host=/run/postgresql database=s", "postgres:///s?host=/run/postgresql")]
    [InlineData("postgres://u:x@/s?host=%2Frun", "host=/run database=s username=u password=x", "postgres://u@/s?host=/run")]
    [InlineData("postgres://h/s?sslmode=verify-full&connect_timeout=3&application_name=a%26b&target_session_attrs=primary", "host=h:5432 database=s application name=a&b ssl mode=VerifyFull timeout=3", "postgres://h/s")]
    [InlineData("'${URL}'", "host=db:5432 database=samples username=me password=p@ss", "postgres://me@db/samples")]
    [InlineData("'postgres://u:${PASSWORD}@h/s'", "host=h:5432 database=s username=u password=a@b:c/d?e#f%20'\";= g", "postgres://u@h/s")]
    [InlineData("'postgres://u:x@${HOSTS}/s'", "host=a:1,b:2 database=s username=u password=x", "postgres://u@a:1,b:2/s")]
    [InlineData("'postgres://${HOSTS}/s'", "host=a:1,b:2 database=s", "postgres://a:1,b:2/s")]
    public void An_address_is_taken_apart_and_shown_without_its_password(string written, string parts, string shown)
    {
        var storage = Good($"storage: {written}\ntargets: [a]").Storage!;
        var builder = new DbConnectionStringBuilder { ConnectionString = storage.ConnectionString };

        Assert.Equal(parts, string.Join(' ', builder.Keys.Cast<string>().Select(key => $"{key}={builder[key]}")));
        Assert.Equal(shown, storage.ToString());
        Assert.DoesNotContain("secret", Good($"storage: {written}\ntargets: [a]").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_whole_address_may_stand_in_a_file()
    {
        _directory.Write("address", "postgres://u:p$%24{@h/s\n");

        Assert.Equal("p$${", Good("storage: {file: address}\ntargets: [a]").Storage!.Password);
    }

    [Fact]
    public void Files_are_looked_for_beside_the_configuration()
    {
        _directory.Write("ca.pem", "x");

        var storage = Good("storage: postgres://h/s?sslrootcert=ca.pem\ntargets: [a]").Storage!;

        Assert.Equal($"{_directory.Path}/ca.pem", storage.Options["Root Certificate"]);
    }

    [Theory]
    [InlineData("./data", "'storage' takes postgres://user:password@host:5432/database; without the key, samples are kept in the data directory")]
    [InlineData("mysql://SECRET@h/s", "'storage' takes postgres://user:password@host")]
    [InlineData("[postgres://h/s]", "'storage' takes a text or {file: path}, not a list")]
    [InlineData("", "'storage' has no value")]
    [InlineData("postgres://u:SECRET@h", "'storage' names no database: write postgres://user@host/database")]
    [InlineData("postgres://u:SECRET@h/", "'storage' names no database")]
    [InlineData("postgres:///s", "'storage' names no host")]
    [InlineData("'postgres://u:SECRET#1@h/s'", "'storage' takes an address without #; in a password write it %23")]
    [InlineData("postgres://u:SECRET/1@h/s", "in a user or password write @ as %40")]
    [InlineData("postgres://u:SECRET?1@h/s", "'storage' takes host, host:port or [IPv6 address]:port")]
    [InlineData("postgres://u@h:SECRET/s", "'storage' takes host, host:port or [IPv6 address]:port")]
    [InlineData("postgres://u@h/s/SECRET", "'storage' takes one word for the database")]
    [InlineData("postgres://h/s?sslmode=SECRET", "'storage' takes sslmode=disable, allow, prefer, require, verify-ca, verify-full")]
    [InlineData("postgres://h/s?connect_timeout=0", "'storage' takes connect_timeout=1 to 300 seconds")]
    [InlineData("postgres://h/s?target_session_attrs=standby", "'storage' writes, so it takes no other target_session_attrs than primary")]
    [InlineData("postgres://h/s?SECRET=1", "'storage' has a parameter that is not known here; known: application_name, connect_timeout")]
    [InlineData("postgres://h/s?sslmode", "'storage' takes parameters behind the ? as name=value")]
    [InlineData("postgres://h/s?host=/run", "'storage' takes ?host= only for the directory of a Unix socket")]
    [InlineData("postgres://h/s?sslcert=SECRET", "'storage' names a file for sslcert that does not exist")]
    [InlineData("'postgres://u:${NONE}@h/s'", "the environment variable NONE is not set")]
    [InlineData("'postgres://u:${PASSWORD}@h:x/s'", "'storage' takes host, host:port")]
    public void What_is_wrong_is_told_at_its_place_without_the_address(string written, string expected)
    {
        var message = Assert.Single(Read($"targets: [a]\nstorage: {written}").Messages);

        Assert.Contains(":2:", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", message, StringComparison.Ordinal);
        Assert.DoesNotContain("a@b", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pasted_text_may_not_name_a_database() => Assert.Equal(
        "f:1:10: 'storage' comes only from a configuration on disk, never from a pasted one",
        Reading.OneMessage("storage: postgres://h/s\ntargets: [a]"));

    [Theory]
    [InlineData("storage: postgres://u:one@h/s\n", "storage: postgres://u:two@h/s\n", "storage")]
    [InlineData("", "storage: postgres://u:two@h/s\n", "storage")]
    [InlineData("storage: postgres://u:one@h/s\n", "storage: postgres://u:one@h:5432/s\n", "")]
    public void Another_address_holds_after_a_restart(string before, string after, string keys) => Assert.Equal(
        keys,
        string.Join(' ', ConfigurationChange.Between(Good(before + "targets: [a]"), Good(after + "targets: [a]")).NeedRestart));

    private SondeConfiguration Good(string text)
    {
        var reading = Read(text);
        Assert.Empty(reading.Messages);
        return reading.Configuration!;
    }

    private ConfigurationReading Read(string text) =>
        ConfigurationReader.ReadFile(_directory.Write("sonde.yaml", text), _environment.GetValueOrDefault);
}
