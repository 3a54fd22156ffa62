using System.CommandLine;
using System.Globalization;
using Sonde.Storage;
using Sonde.Storage.Sql;

namespace Sonde.Cli;

/// <summary><c>sonde store info</c>: what is in a store and what it takes, also beside a run.</summary>
internal static class StoreInfoCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var data = StoreVerb.DataOption();
        var json = StoreVerb.JsonOption();
        var checks = new Option<bool>("--checks") { Description = "Also what each check has; reads all summaries" };
        var command = new Command("info", "Print what is in a store and what it takes") { data, checks, json };
        command.SetAction(parsed =>
        {
            var errors = parsed.InvocationConfiguration.Error;
            return StoreVerb.Run(parsed.GetRequiredValue(data), errors, whenTaken: null, database =>
            {
                using var snapshot = StoreSnapshot.Open(database);
                var report = StoreReport.Read(snapshot, parsed.GetValue(checks));
                var output = parsed.InvocationConfiguration.Output;
                if (parsed.GetValue(json))
                {
                    output.WriteLine(ToJson(report, parsed.GetValue(checks)));
                    return ExitCode.Done;
                }
                StoreVerb.Print(output, Rows(report));
                if (parsed.GetValue(checks))
                {
                    PrintChecks(output, report);
                }
                return ExitCode.Done;
            });
        });
        return command;
    }

    private static List<(string, string)> Rows(StoreReport report) =>
    [
        ("version", report.Version.ToString(CultureInfo.InvariantCulture)),
        ("size", StoreVerb.Size(report.Bytes)),
        ("  samples", $"{StoreVerb.Size(report.Blocks.RawBytes)} for {report.Blocks.RawSamples} samples in blocks"),
        ("  summaries", $"{StoreVerb.Size(report.Blocks.SummaryBytes)} for {report.Blocks.Blocks} blocks"),
        ("  days", StoreVerb.Size(report.DayBytes)),
        ("  journal", $"{StoreVerb.Size(report.JournalBytes)} for {report.OpenSamples} samples in no block yet"),
        ("  free", StoreVerb.Size(report.FreeBytes)),
        ("checks", $"{report.Checks.Count}, {report.Checks.Count(check => check.IsHidden)} of them hidden"),
        ("series", report.Series.ToString(CultureInfo.InvariantCulture)),
        ("samples", report.Samples.ToString(CultureInfo.InvariantCulture)),
        ("bytes a sample", BytesASample(report)?.ToString("F2", CultureInfo.InvariantCulture) ?? "-"),
        ("from", report.Span is { } span ? UtcTime.Of(span.EarliestMilliseconds) + " UTC" : "-"),
        ("to", report.Span is { } end ? UtcTime.Of(end.LatestMilliseconds) + " UTC" : "-"),
    ];

    private static double? BytesASample(StoreReport report) =>
        report.Samples == 0 ? null : (report.Bytes - report.FreeBytes) / (double)report.Samples;

    private static void PrintChecks(TextWriter output, StoreReport report)
    {
        foreach (var check in report.Checks)
        {
            var span = check.Span is var (from, to) ? $"{UtcTime.Of(from)} to {UtcTime.Of(to)} UTC" : "no samples";
            var hidden = check.IsHidden ? ", hidden" : "";
            output.WriteLine(
                $"{check.Id}: {Counted.Of(check.Samples, "sample")}, {check.Lost} lost, "
                + $"{check.Series} series, {span}{hidden}");
        }
    }

    private static string ToJson(StoreReport report, bool withChecks) => StoreVerb.ToJson(new
    {
        report.Version,
        report.Bytes,
        SampleBytes = report.Blocks.RawBytes,
        report.Blocks.SummaryBytes,
        report.DayBytes,
        report.JournalBytes,
        report.FreeBytes,
        Checks = report.Checks.Count,
        HiddenChecks = report.Checks.Count(check => check.IsHidden),
        report.Series,
        report.Blocks.Blocks,
        report.Samples,
        SamplesInBlocks = report.Blocks.RawSamples,
        report.OpenSamples,
        BytesASample = BytesASample(report),
        From = report.Span is { } span ? UtcTime.Iso(span.EarliestMilliseconds) : null,
        To = report.Span is { } end ? UtcTime.Iso(end.LatestMilliseconds) : null,
        ByCheck = !withChecks ? null : report.Checks.Select(check => new
        {
            check.Id,
            check.Name,
            check.IsHidden,
            check.Series,
            check.Samples,
            check.Lost,
            From = check.Span is { } own ? UtcTime.Iso(own.EarliestMilliseconds) : null,
            To = check.Span is { } last ? UtcTime.Iso(last.LatestMilliseconds) : null,
        }),
    });
}
