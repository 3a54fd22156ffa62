using System.CommandLine;
using Sonde.SampleFiles;

namespace Sonde.Cli;

/// <summary>The options of <c>sonde import</c> that say how to read the file, and what of it.</summary>
internal sealed class ImportOptions
{
    private static readonly (string Word, double Microseconds)[] Units = [("ms", 1_000), ("s", 1_000_000), ("us", 1)];

    private static readonly (string Word, TimeForm Form)[] Forms =
    [
        ("dd/mm/yyyy", TimeForm.DayFirst), ("mm/dd/yyyy", TimeForm.MonthFirst), ("s", TimeForm.Seconds),
        ("ms", TimeForm.Milliseconds), ("us", TimeForm.Microseconds), ("ns", TimeForm.Nanoseconds),
    ];

    private readonly SpanOptions _span;

    private readonly Option<string?> _format = new("--format")
    {
        HelpName = "csv|ndjson",
        Description = "The form of a file of 'sonde export'; found by itself if not said",
    };

    private readonly Option<string[]> _target = new("--target")
    {
        HelpName = "CHECK",
        Description = "Read only this check, named by id or name; may be repeated",
    };

    private readonly Option<string?> _time = new("--time")
    {
        HelpName = "COL",
        Description = "Another tool's CSV: the column of the times, its name or its number from 1",
    };

    private readonly Option<string[]> _value = new("--value")
    {
        HelpName = "COL",
        Description = "… the column of the round-trip times; nothing in it means lost; repeated, each is a series",
    };

    private readonly Option<string?> _series = new("--series")
    {
        HelpName = "COL",
        Description = "… the column whose text tells the series apart; without it the file is one series",
    };

    private readonly Option<string?> _name = new("--name")
    {
        HelpName = "NAME",
        Description = "… the name of the series, or what stands before it; if not said, the file's name",
    };

    private readonly Option<string?> _unit = new("--unit")
    {
        HelpName = "ms|s|us",
        Description = "… the unit of the values; ms if not said",
    };

    private readonly Option<bool> _zeroIsAnswer = new("--zero-is-answer")
    {
        Description = "… 0 is an answer that took no time; without it, 0 and negative values count as lost",
    };

    private readonly Option<string?> _timeFormat = new("--time-format")
    {
        HelpName = "FORM",
        Description = "… how times are written, if it cannot be found: dd/mm/yyyy, mm/dd/yyyy, or s, ms, us, ns "
            + "since 1970",
    };

    private readonly Option<string?> _timezone = new("--timezone")
    {
        HelpName = "ZONE",
        Description = "… the zone of times that name none, like Europe/Zurich; UTC if not said",
    };

    /// <summary>Adds them to the verb.</summary>
    public ImportOptions(Command command)
    {
        _format.AcceptOnlyFromAmong("csv", "ndjson");
        _unit.AcceptOnlyFromAmong([.. Units.Select(unit => unit.Word)]);
        _timeFormat.AcceptOnlyFromAmong([.. Forms.Select(form => form.Word)]);
        _timezone.Validators.Add(result =>
        {
            var zone = result.Tokens[0].Value;
            if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            {
                result.AddError($"--timezone {zone}: there is no such time zone; write it like Europe/Zurich or UTC");
            }
        });
        command.Add(_format);
        _span = new SpanOptions(command);
        foreach (var option in (Option[])
            [_target, _time, _value, _series, _name, _unit, _zeroIsAnswer, _timeFormat, _timezone])
        {
            command.Add(option);
        }
    }

    /// <summary>What they say.</summary>
    public ImportQuery Read(ParseResult arguments)
    {
        var zone = TimeZoneInfo.Utc;
        if (arguments.GetValue(_timezone) is { } zoneName)
        {
            TimeZoneInfo.TryFindSystemTimeZoneById(zoneName, out zone!);
        }
        var unit = arguments.GetValue(_unit);
        var form = arguments.GetValue(_timeFormat);
        return new ImportQuery
        {
            Format = arguments.GetValue(_format) switch
            {
                "csv" => SampleFormat.Csv,
                "ndjson" => SampleFormat.Ndjson,
                _ => null,
            },
            FromMilliseconds = _span.FromMilliseconds(arguments),
            ToMilliseconds = _span.ToMilliseconds(arguments),
            Targets = arguments.GetValue(_target) ?? [],
            HasForeignOption = Array.Exists(
                (Option[])[_time, _value, _series, _name, _unit, _zeroIsAnswer, _timeFormat, _timezone],
                option => arguments.GetResult(option) is { Implicit: false }),
            IsUnitGiven = unit is not null,
            Columns = new ForeignQuery
            {
                Time = arguments.GetValue(_time) ?? "",
                Values = arguments.GetValue(_value) ?? [],
                Series = arguments.GetValue(_series),
                Name = arguments.GetValue(_name),
                MicrosecondsAUnit = Array.Find(Units, one => one.Word == (unit ?? "ms")).Microseconds,
                ZeroIsAnswer = arguments.GetValue(_zeroIsAnswer),
                TimeForm = form is null ? TimeForm.Any : Array.Find(Forms, one => one.Word == form).Form,
                TimeZone = zone,
            },
        };
    }
}

/// <summary>What to import, and how to read it.</summary>
internal sealed record ImportQuery
{
    /// <summary>The form of a file of <c>sonde export</c>; null = it shows itself.</summary>
    public SampleFormat? Format { get; init; }

    /// <summary>The first time that is wanted, in milliseconds since 1970 UTC.</summary>
    public required long FromMilliseconds { get; init; }

    /// <summary>The first time after that which is not.</summary>
    public required long ToMilliseconds { get; init; }

    /// <summary>Ids or names of the checks that are wanted; none = all.</summary>
    public required IReadOnlyList<string> Targets { get; init; }

    /// <summary>True when an option for another tool's CSV was given.</summary>
    public required bool HasForeignOption { get; init; }

    /// <summary>True when the unit was named.</summary>
    public required bool IsUnitGiven { get; init; }

    /// <summary>The options for another tool's CSV.</summary>
    public required ForeignQuery Columns { get; init; }

    /// <summary>How to read another tool's CSV; null = the file is one of <c>sonde export</c>.</summary>
    public ForeignQuery? Foreign => HasForeignOption ? Columns : null;

    /// <summary>The unit that values were taken for because none was named; null otherwise.</summary>
    public string? AssumedUnit => HasForeignOption && !IsUnitGiven ? "ms" : null;

    /// <summary>What is wrong with it, in a sentence; null when nothing is.</summary>
    /// <param name="isStandardInput">True when the file has no name.</param>
    public string? Problem(bool isStandardInput) =>
        !HasForeignOption ? null
        : Columns.Time.Length == 0 || Columns.Values.Count == 0
            ? "another tool's CSV needs both --time COL and --value COL, the columns of its times and round-trip times"
        : Format == SampleFormat.Ndjson
            ? "--time and --value are for another tool's CSV; --format ndjson goes without them"
        : Columns.Name is { } name && string.IsNullOrWhiteSpace(name)
            ? "--name needs a name"
        : isStandardInput && Columns.Name is null && Columns.Series is null
            ? "standard input has no name to call the series by: give --name NAME or --series COL"
        : null;
}
