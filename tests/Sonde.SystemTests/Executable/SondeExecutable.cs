using Xunit;

namespace Sonde.SystemTests.Executable;

/// <summary>The program as <c>make build</c> leaves it: <c>out/sonde</c>, or what SONDE_EXECUTABLE names.</summary>
internal static class SondeExecutable
{
    private const string Variable = "SONDE_EXECUTABLE";

    /// <summary>Its full path; without it the test is skipped, for building it is not the test's job.</summary>
    public static string PathOrSkip()
    {
        if (Find() is { } path)
        {
            return path;
        }
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("CI") == "true", "there is no out/sonde: make it with 'make build'");
        throw new InvalidOperationException(
            "On CI these tests must run, but there is no out/sonde: 'make build' first.");
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            return Path.GetFullPath(named);
        }
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Sonde.slnx")))
            {
                var built = Path.Combine(folder.FullName, "out", "sonde");
                return File.Exists(built) ? built : null;
            }
        }
        return null;
    }
}
