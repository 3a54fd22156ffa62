using System.Xml.Linq;
using Microsoft.Extensions.Logging.Abstractions;
using Sonde.Access;
using Xunit;

namespace Sonde.Tests.Access;

public sealed class KeyFolderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Folder => Path.Combine(_directory.Path, "keys");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_key_is_there_again_in_the_next_run()
    {
        Open().StoreElement(new XElement("key", "one"), "key-1");
        Open().StoreElement(new XElement("key", "two"), "key-2");

        Assert.Equal(["one", "two"], Open().GetAllElements().Select(key => key.Value).Order());
    }

    [Fact]
    public void A_key_that_the_folder_does_not_take_serves_until_the_end_of_the_run()
    {
        File.WriteAllText(Folder, "a file stands where the folder should be");
        var keys = Open();

        keys.StoreElement(new XElement("key", "one"), "key-1");

        Assert.Equal("one", Assert.Single(keys.GetAllElements()).Value);
        Assert.Empty(Open().GetAllElements());
    }

    [Fact]
    public void A_damaged_key_is_passed_over()
    {
        Open().StoreElement(new XElement("key", "one"), "key-1");
        File.WriteAllText(Path.Combine(Folder, "damaged.xml"), "<key>half");

        Assert.Equal("one", Assert.Single(Open().GetAllElements()).Value);
    }

    private KeyFolder Open() => new(Folder, NullLogger<KeyFolder>.Instance);
}
