using System.Globalization;
using Sonde.Configuration;
using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.Cli;

/// <summary>The names of series for people, by the configuration in force. One thread at a time.</summary>
internal sealed class CheckTitles(ConfigurationFile file)
{
    private SondeConfiguration? _known;
    private Dictionary<CheckId, Check> _checks = [];

    /// <summary>The check's name, with the IP version when it measures both; the id when the check is gone.</summary>
    public string Of(SeriesKey key)
    {
        if (!ReferenceEquals(_known, file.Current))
        {
            _known = file.Current;
            _checks = _known.Checks.ToDictionary(check => check.Id);
        }
        return !_checks.TryGetValue(key.Check, out var check) ? key.Check.Value
            : check.Family != FamilyChoice.Both ? check.Name
            : string.Create(CultureInfo.InvariantCulture, $"{check.Name} (IPv{key.Family})");
    }
}
