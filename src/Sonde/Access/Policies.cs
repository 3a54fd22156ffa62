namespace Sonde.Access;

/// <summary>What a caller may do. Every endpoint and page names one of these.</summary>
internal static class Policies
{
    /// <summary>See what is measured.</summary>
    public const string View = "view";

    /// <summary>Make it do something: reload, acknowledge.</summary>
    public const string Operate = "operate";

    /// <summary>Have a target measured that the caller names.</summary>
    public const string Probe = "probe";

    /// <summary>Change who may do what.</summary>
    public const string Administer = "administer";
}
