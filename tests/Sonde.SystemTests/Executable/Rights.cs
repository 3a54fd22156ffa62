using Sonde.SystemTests.Lab;
using Xunit;

namespace Sonde.SystemTests.Executable;

/// <summary>Starts programs as user nobody by setpriv(1) of util-linux.</summary>
internal static class Rights
{
    /// <summary>The words to put before a program; the test is skipped where that is not possible.</summary>
    /// <param name="capability">The one capability it keeps, as <c>net_raw</c>; null = none.</param>
    public static string[] OfNobodyOrSkip(string? capability = null)
    {
        Assert.SkipUnless(LibC.EffectiveUser() == 0, "becoming another user needs root");
        Assert.SkipUnless(File.Exists("/usr/bin/setpriv"), "setpriv of util-linux is not here");
        string[] kept = capability is null
            ? ["--inh-caps=-all", "--bounding-set=-all"]
            : [$"--inh-caps=-all,+{capability}", $"--ambient-caps=-all,+{capability}"];
        return ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", .. kept, "--"];
    }
}
