using Sonde.Measurement.Files;
using Xunit;

namespace Sonde.Measurement.Tests.Files;

public sealed class FileIdentityTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sonde-files-é-");

    private string Name => Path.Combine(_folder.FullName, "file");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void It_is_the_same_by_name_by_another_name_and_while_open()
    {
        using var open = new FileStream(Name, FileMode.Create);
        File.CreateSymbolicLink(Name + "-link", Name);

        var identity = FileIdentity.Of(open.SafeFileHandle);

        Assert.NotNull(identity);
        Assert.Equal(identity, FileIdentity.Of(Name));
        Assert.Equal(identity, FileIdentity.Of(Name + "-link"));
    }

    [Fact]
    public void A_file_made_anew_under_the_name_of_an_open_one_is_another()
    {
        using var open = new FileStream(Name, FileMode.Create);
        File.Delete(Name);
        File.WriteAllText(Name, "");

        Assert.NotEqual(FileIdentity.Of(open.SafeFileHandle), FileIdentity.Of(Name));
    }

    [Fact]
    public void What_is_not_there_has_none()
    {
        Assert.Null(FileIdentity.Of(Name));
        Assert.Null(FileIdentity.Of(""));
    }
}
