using System.Diagnostics.CodeAnalysis;

namespace Sonde.SampleFiles;

/// <summary>A file of samples, read in batches and in constant memory. One caller at a time.</summary>
internal sealed class SampleFile
{
    private readonly FileLines _lines;
    private readonly ISampleFormat _format;
    private readonly SampleSieve _sieve;

    private SampleFile(FileLines lines, ISampleFormat format, SampleSieve sieve) =>
        (_lines, _format, _sieve) = (lines, format, sieve);

    /// <summary>How many bytes were read. Any thread.</summary>
    public long BytesRead => _lines.BytesRead;

    /// <summary>How many values of 0 or less were taken as lost.</summary>
    public long TakenAsLost => (_format as ForeignSamples)?.TakenAsLost ?? 0;

    /// <summary>Recognizes what a file is by its beginning.</summary>
    /// <param name="input">The file; the caller closes it.</param>
    /// <param name="source">What it is called, and how to read it.</param>
    /// <param name="sieve">Which samples are wanted.</param>
    /// <param name="names">Gets the series.</param>
    /// <param name="file">The file, ready to be read.</param>
    /// <param name="problem">Why it cannot be read, in a sentence.</param>
    public static bool TryOpen(
        Stream input, SampleSource source, SampleSieve sieve, SeriesNames names,
        [NotNullWhen(true)] out SampleFile? file, [NotNullWhen(false)] out string? problem)
    {
        var lines = new FileLines(input);
        file = null;
        if (FileRecognition.FindOther(lines.Peek()) is { } other)
        {
            problem = $"{source.Name} is {other}";
            return false;
        }
        var beginning = lines.Peek().ToArray();
        var format = Recognize(lines, beginning, source, names, out var fault);
        if (format is null)
        {
            problem = $"{source.Name}: {fault}";
            return false;
        }
        lines.GiveBack();
        problem = null;
        file = new SampleFile(lines, format, sieve);
        return true;
    }

    /// <summary>Reads until there are so many samples, or a few more.</summary>
    /// <param name="into">Gets the samples.</param>
    /// <param name="most">How many samples are wanted.</param>
    /// <param name="tell">Told of each line that is refused: its number and why.</param>
    /// <returns>False at the end of the file.</returns>
    public bool Read(SampleBatch into, int most, Action<long, string> tell)
    {
        while (into.Count < most)
        {
            if (!_lines.TryRead(out var line))
            {
                return false;
            }
            if (_lines.IsTooLong)
            {
                tell(_lines.Number, $"it is longer than {FileLines.MaxLength} bytes");
                continue;
            }
            var before = into.Count;
            var outcome = _format.Read(line, _lines.IsUnended, into);
            while (outcome == LineOutcome.GoesOn && _lines.TryExtend(out line))
            {
                outcome = _format.Read(line, _lines.IsUnended, into);
            }
            if (outcome is LineOutcome.Refused or LineOutcome.GoesOn)
            {
                tell(_lines.Number, _format.Problem);
                _lines.GoBack();
            }
            else if (into.Count > before)
            {
                into.Keep(before, _sieve.Takes);
            }
        }
        return true;
    }

    // Leaves the lines at the first one that is not empty.
    private static ISampleFormat? Recognize(
        FileLines lines, byte[] beginning, SampleSource source, SeriesNames names, out string? fault)
    {
        fault = null;
        ReadOnlySpan<byte> first = default;
        while (first.IsEmpty)
        {
            if (!lines.TryRead(out first) || lines.IsTooLong)
            {
                fault = lines.IsTooLong
                    ? $"its first line is longer than {FileLines.MaxLength} bytes, so it is no file of samples"
                    : "there is nothing in it";
                return null;
            }
        }
        if (first.Contains((byte)0))
        {
            fault = "it is no text: there are NUL bytes in its first line";
            return null;
        }
        if (source.Foreign is { } foreign)
        {
            return RecognizeForeign(first, beginning, source, foreign, names, out fault);
        }
        if (source.Format != SampleFormat.Csv
            && (source.Format == SampleFormat.Ndjson || JsonSamples.IsRecognized(first)))
        {
            fault = JsonSamples.IsRecognized(first)
                ? null
                : "it is no NDJSON of 'sonde export': its first line is no object with a member 'check'";
            return fault is null ? new JsonSamples(names) : null;
        }
        var csv = CsvSamples.Recognize(first, names);
        fault = csv is not null ? null
            : $"it is no {(source.Format == SampleFormat.Csv ? "CSV" : "CSV or NDJSON")} of 'sonde export'; another "
                + "tool's CSV needs --time COL and --value COL, the columns of its times and round-trip times. Its "
                + $"first line is {ShownText.Of(first)}";
        return csv;
    }

    private static ForeignSamples? RecognizeForeign(
        ReadOnlySpan<byte> first, byte[] beginning, SampleSource source, ForeignQuery foreign, SeriesNames names,
        out string? fault)
    {
        if (ForeignColumns.Find(first, foreign, out fault) is not { } columns)
        {
            return null;
        }
        if (foreign.TimeForm == TimeForm.Any)
        {
            using var again = source.OpenAgain?.Invoke() ?? new MemoryStream(beginning);
            foreign = foreign with { TimeForm = DateOrder.Find(again, columns, out var isAmbiguous) };
            if (isAmbiguous)
            {
                fault = "in its dates the day or the month may come first, and none of them shows which: say "
                    + "--time-format dd/mm/yyyy or --time-format mm/dd/yyyy";
                return null;
            }
        }
        return new ForeignSamples(foreign, columns, Path.GetFileNameWithoutExtension(source.Name), names);
    }
}

/// <summary>A file of samples: what it is called, and how to read it.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Format">Its form, if the user said so.</param>
/// <param name="Foreign">How to read another tool's CSV; null = it is one of <c>sonde export</c>.</param>
/// <param name="OpenAgain">Opens it a second time, from its beginning; null = it cannot be read twice.</param>
internal sealed record SampleSource(
    string Name, SampleFormat? Format, ForeignQuery? Foreign, Func<Stream>? OpenAgain);

/// <summary>The forms of <c>sonde export</c>.</summary>
internal enum SampleFormat
{
    Csv,
    Ndjson,
}
