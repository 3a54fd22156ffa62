using System.Security.Cryptography.X509Certificates;
using Sonde.Measurement.Tls;
using Xunit;

namespace Sonde.Measurement.Tests.Tls;

public sealed class DistinguishedNameTests
{
    [Theory]
    [InlineData("CN=example.org", "CN=example.org")]
    [InlineData("CN=example.org, O=\"Example, Inc.\", S=Bavaria, C=DE", @"CN=example.org,O=Example\, Inc.,ST=Bavaria,C=DE")]
    [InlineData("CN=#1", @"CN=\#1")]
    public void A_name_is_written_as_RFC_4514_says(string name, string expected)
    {
        Assert.Equal(expected, DistinguishedName.Write(new X500DistinguishedName(name)));
    }
}
