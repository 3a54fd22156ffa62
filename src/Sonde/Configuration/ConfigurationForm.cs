namespace Sonde.Configuration;

/// <summary>What kind of file a configuration is.</summary>
internal enum ConfigurationForm
{
    /// <summary>Nothing that is known.</summary>
    Unknown,

    /// <summary><c>global_settings</c> and a list of addresses.</summary>
    Plain,

    /// <summary>Everything else that Sonde reads.</summary>
    Full,

    /// <summary>Another tool's: the modules of blackbox_exporter.</summary>
    BlackboxExporter,

    /// <summary>Another tool's: the targets of smokeping_prober.</summary>
    SmokepingProber,

    /// <summary>Another tool's: the endpoints of Gatus.</summary>
    Gatus,

    /// <summary>Another tool's: the scrape configuration of Prometheus, or a target list that it reads.</summary>
    Prometheus,
}

/// <summary>The words for forms in messages and in JSON.</summary>
internal static class ConfigurationFormWords
{
    /// <summary>The form's word: <c>plain</c>, <c>full</c>, or the other tool's name.</summary>
    public static string ToWord(this ConfigurationForm form) => form switch
    {
        ConfigurationForm.Unknown => "unknown",
        ConfigurationForm.Plain => "plain",
        ConfigurationForm.Full => "full",
        ConfigurationForm.BlackboxExporter => "blackbox_exporter",
        ConfigurationForm.SmokepingProber => "smokeping_prober",
        ConfigurationForm.Gatus => "Gatus",
        ConfigurationForm.Prometheus => "Prometheus",
        _ => throw new ArgumentOutOfRangeException(nameof(form), form, "no such form"),
    };
}
