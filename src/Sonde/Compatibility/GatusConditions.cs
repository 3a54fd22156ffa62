using System.Globalization;
using System.Text.RegularExpressions;
using Sonde.Configuration.Yaml;

namespace Sonde.Compatibility;

/// <summary>The conditions of a Gatus endpoint as expectations.</summary>
internal sealed partial class GatusConditions
{
    private static readonly string[] AnyStatus = ["2xx", "3xx", "4xx", "5xx"];

    private readonly string _kind;
    private readonly Dictionary<string, string> _json = [];
    private string[]? _status;
    private string? _rcode;
    private string? _body;

    private GatusConditions(string kind) => _kind = kind;

    /// <summary>What the conditions say of a target; those that Sonde has no word for are noted.</summary>
    public static YamlSection Read(ForeignMap endpoint, string kind)
    {
        var conditions = new GatusConditions(kind);
        foreach (var condition in endpoint.Items("conditions").OfType<YamlScalar>())
        {
            if (!conditions.Take(condition.Text))
            {
                endpoint.Notes.Add(
                    condition.Place, $"{endpoint.Owner}: the condition {Quoted.Value(condition)} is not carried over");
            }
        }
        return conditions.Write();
    }

    private YamlSection Write() => _kind switch
    {
        "http" => new YamlSection(GatusVariables.ToSonde)
            .Add("expectStatus", _status ?? AnyStatus)   // Gatus takes any unless told
            .Add("expectBody", _body)
            .Add("expectJson", _json),
        "dns" => new YamlSection(GatusVariables.ToSonde)
            .Add("expectRcode", _rcode is null ? [] : [_rcode])
            .Add("matchAnswer", _body?.Replace("^", @"\t", StringComparison.Ordinal)),   // the last part of a record
        _ => new YamlSection(),
    };

    private bool Take(string condition)
    {
        var match = Condition().Match(condition);
        if (!match.Success)
        {
            return false;
        }
        var (subject, comparison, value) = (match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value.Trim());
        return subject switch
        {
            "[CONNECTED]" => comparison == "==" && value == "true",   // else no sample is answered
            "[STATUS]" when _kind == "http" => TakeStatus(comparison, value),
            "[DNS_RCODE]" when _kind == "dns" && comparison == "==" && _rcode is null => (_rcode = value).Length > 0,
            "[BODY]" when _kind is "http" or "dns" && comparison == "==" && _body is null =>
                (_body = ToExpression(value)) is not null,
            _ when _kind == "http" && comparison == "==" && subject.StartsWith("[BODY]", StringComparison.Ordinal)
                && !value.Contains('(', StringComparison.Ordinal) =>
                _json.TryAdd("$" + subject["[BODY]".Length..], value),
            _ => false,
        };
    }

    private bool TakeStatus(string comparison, string value)
    {
        if (_status is not null)
        {
            return false;
        }
        var hundreds = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number / 100 : 0;
        _status = (comparison, number % 100) switch
        {
            ("==", _) when number is >= 100 and <= 599 => [value],
            ("==", _) when AnyOf().Match(value) is { Success: true } any =>
                any.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
            ("<", 0) when hundreds is > 2 and <= 6 => AnyStatus[..(hundreds - 2)],
            ("<=", 99) when hundreds is >= 2 and <= 5 => AnyStatus[..(hundreds - 1)],
            _ => null,
        };
        return _status is not null;
    }

    /// <summary>The value as an expression for the whole; <c>pat(*x*)</c> has <c>*</c> for anything.</summary>
    private static string? ToExpression(string value)
    {
        var pattern = Pattern().Match(value);
        if (!pattern.Success)
        {
            return value.Contains('(', StringComparison.Ordinal) || value.StartsWith('[') || value.Length == 0
                ? null : $"^{Regex.Escape(value)}$";
        }
        var parts = pattern.Groups[1].Value.Split('*').Select(Regex.Escape);
        return ForeignExpression.Convert($"(?s)^{string.Join(".*", parts)}$");
    }

    [GeneratedRegex(@"^\s*(\[[A-Z_]+\][^\s]*)\s*(==|!=|<=|>=|<|>)\s*(.*)\z", RegexOptions.NonBacktracking)]
    private static partial Regex Condition();

    [GeneratedRegex(@"^any\(([0-9, ]+)\)\z", RegexOptions.NonBacktracking)]
    private static partial Regex AnyOf();

    [GeneratedRegex(@"^pat\((.*)\)\z", RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();
}
