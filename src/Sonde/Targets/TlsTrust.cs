namespace Sonde.Targets;

/// <summary>How a check speaks TLS, and whom it trusts.</summary>
internal sealed record TlsTrust
{
    /// <summary>False to accept any certificate; default true.</summary>
    public bool Verify { get; init; } = true;

    /// <summary>The name that the certificate must bear; null = the host.</summary>
    public string? ServerName { get; init; }

    /// <summary>The certificates that are trusted instead of the system's, in PEM; null = the system's.</summary>
    public string? Authorities { get; init; }

    /// <summary>This side's certificate in PEM; null for none.</summary>
    public string? Certificate { get; init; }

    /// <summary>The certificate's key in PEM; null for none.</summary>
    public string? Key { get; init; }

    /// <summary>The oldest version that is offered: <c>1.0</c> to <c>1.3</c>; null = the system's choice.</summary>
    public string? MinimumVersion { get; init; }

    /// <summary>The newest version that is offered; null = the system's choice.</summary>
    public string? MaximumVersion { get; init; }

    /// <summary>Leaves all out: it holds a key.</summary>
    public override string ToString() => nameof(TlsTrust);
}
