using System.Collections.Frozen;
using Sonde.Configuration;
using Sonde.Targets;

namespace Sonde.Observability;

/// <summary>The checks of the configuration in force by their ids. One thread at a time.</summary>
internal sealed class ConfiguredChecks(ConfigurationFile file)
{
    private SondeConfiguration? _known;
    private FrozenDictionary<CheckId, Check> _checks = FrozenDictionary<CheckId, Check>.Empty;

    /// <summary>The check; null when it is gone.</summary>
    public Check? Find(CheckId id)
    {
        if (!ReferenceEquals(_known, file.Current))
        {
            _known = file.Current;
            _checks = _known.Checks.ToFrozenDictionary(check => check.Id);
        }
        return _checks.GetValueOrDefault(id);
    }
}
