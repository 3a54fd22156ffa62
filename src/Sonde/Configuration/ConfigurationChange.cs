using System.Collections.Immutable;
using Sonde.Targets;

namespace Sonde.Configuration;

/// <summary>What differs between two configurations.</summary>
internal sealed record ConfigurationChange
{
    /// <summary>The configuration before.</summary>
    public required SondeConfiguration Old { get; init; }

    /// <summary>The configuration after; a check that did not change is the very object of the old one.</summary>
    public required SondeConfiguration New { get; init; }

    /// <summary>How many checks have an id that was not there before.</summary>
    public required int Added { get; init; }

    /// <summary>How many checks of the old one are not there any more.</summary>
    public required int Removed { get; init; }

    /// <summary>How many checks kept their id and differ in something else.</summary>
    public required int Altered { get; init; }

    /// <summary>The keys whose new values hold only after a restart.</summary>
    public required ImmutableArray<string> NeedRestart { get; init; }

    /// <summary>True when both say the same.</summary>
    public bool IsNothing =>
        NeedRestart.IsEmpty && Old.Checks.SequenceEqual(New.Checks) && Old.TimeZone.Equals(New.TimeZone)
        && Old.Modules.Values.SequenceEqual(New.Modules.Values) && Old.ProbeAllow == New.ProbeAllow
        && Old.Retention == New.Retention && Old.Metrics == New.Metrics;

    /// <summary>Compares two configurations.</summary>
    public static ConfigurationChange Between(SondeConfiguration old, SondeConfiguration fresh)
    {
        var oldById = old.Checks.ToDictionary(check => check.Id);
        var kept = 0;
        var altered = 0;
        var checks = ImmutableArray.CreateBuilder<Check>(fresh.Checks.Length);
        foreach (var check in fresh.Checks)
        {
            var before = oldById.GetValueOrDefault(check.Id);
            var isSame = before is not null && Same(before, check);
            kept += before is null ? 0 : 1;
            altered += before is null || isSame ? 0 : 1;
            checks.Add(isSame ? before! : check);
        }
        return new ConfigurationChange
        {
            Old = old,
            New = fresh with { Checks = checks.ToImmutable() },
            Added = fresh.Checks.Length - kept,
            Removed = old.Checks.Length - kept,
            Altered = altered,
            NeedRestart = [.. KeysThatNeedRestart(old, fresh)],
        };
    }

    private static IEnumerable<string> KeysThatNeedRestart(SondeConfiguration old, SondeConfiguration fresh)
    {
        (string Key, bool Differs)[] keys =
        [
            ("vantagePoint", old.VantagePoint != fresh.VantagePoint),
            ("listen", !old.Listen.Equals(fresh.Listen)),
            ("token", old.Web.Token != fresh.Web.Token),
            ("hosts", !old.Web.Hosts.SequenceEqual(fresh.Web.Hosts)),
            ("basePath", old.Web.BasePath != fresh.Web.BasePath),
            ("trustedProxies", !old.Web.TrustedProxies.SequenceEqual(fresh.Web.TrustedProxies)),
            ("tls", old.Web.Tls != fresh.Web.Tls),
            ("storage", old.Storage != fresh.Storage),
            ("telemetry", old.Otlp != fresh.Otlp),
            ("remoteWrite", !old.RemoteWrite.SequenceEqual(fresh.RemoteWrite)),
        ];
        return keys.Where(key => key.Differs).Select(key => key.Key);
    }

    /// <summary>Compares values; the record's own equality compares the tags by where they lie.</summary>
    private static bool Same(Check left, Check right) =>
        left.Tags.SequenceEqual(right.Tags) && left with { Tags = right.Tags } == right;
}
