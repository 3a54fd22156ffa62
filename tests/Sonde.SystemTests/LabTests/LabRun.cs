using Sonde.SystemTests.Lab;
using Xunit;

namespace Sonde.SystemTests.LabTests;

/// <summary>Tests that look at exact times: nothing else of this project runs meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class LabRun
{
    public const string Name = "lab";

    /// <summary>
    /// Makes a simulated network, or skips the test and says why it cannot. On CI as root it fails instead.
    /// </summary>
    internal static SimulatedNetwork StartOrSkip(SimulatedNetworkOptions? options = null)
    {
        var mustRun = Environment.GetEnvironmentVariable("CI") == "true" && LibC.EffectiveUser() == 0;
        if (!mustRun && SimulatedNetwork.FindObstacle() is { } obstacle)
        {
            Assert.Skip(obstacle);
        }
        return SimulatedNetwork.Start(options);
    }
}
