using System.Buffers.Text;
using System.Text;
using Sonde.Measurement;
using Sonde.Samples;

namespace Sonde.SampleFiles;

/// <summary>
/// Makes a sample of the texts of its columns, and says in words why one cannot be: nothing is guessed or bent into a
/// range. One caller at a time.
/// </summary>
internal sealed class SampleText(SeriesNames names)
{
    /// <summary>The greatest value, and without its sign the least one: 2⁴⁸ − 1 (DESIGN: the record).</summary>
    public const long MaxValue = (1L << 48) - 1;

    /// <summary>The last round: the runs that follow need numbers, too.</summary>
    public const long MaxRound = ((RunNumber.Max - 100_000L) << 32) - 1;

    private readonly int[] _fields = [.. Enumerable.Range(0, SampleColumns.Count)];

    /// <summary>Why the last sample could not be made.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>The column is the field of that number; -1 = there is none.</summary>
    public void Place(int column, int field) => _fields[column] = field;

    /// <summary>Makes the sample; false when it cannot be, and <see cref="Problem"/> says why.</summary>
    public bool TryMake(ReadOnlySpan<byte> record, RecordFields fields, out Sample sample)
    {
        sample = default;
        if (!TryNumber(record, fields, SampleColumns.Round, MaxRound, out var round)
            || !TryNumber(record, fields, SampleColumns.Index, ushort.MaxValue, out var index)
            || !TryTime(Text(record, fields, SampleColumns.SentAt), out var sentAt)
            || !TryOutcome(record, fields, out var value, out var loss)
            || !TryRemarks(record, fields, out var remarks)
            || !TrySeries(record, fields, out var series))
        {
            return false;
        }
        sample = remarks with
        {
            Series = series,
            Round = round,
            Index = (ushort)index,
            SentAtMilliseconds = sentAt,
            Value = value,
            Loss = loss,
        };
        return true;
    }

    private bool TrySeries(ReadOnlySpan<byte> record, RecordFields fields, out SeriesHandle series)
    {
        var text = new SeriesText(
            Text(record, fields, SampleColumns.Check), Text(record, fields, SampleColumns.VantagePoint),
            Text(record, fields, SampleColumns.Family), Text(record, fields, SampleColumns.Quantity),
            Text(record, fields, SampleColumns.Unit));
        return names.TryFind(text, out series) || Refuse(names.Problem);
    }

    private bool TryTime(ReadOnlySpan<byte> text, out long milliseconds) =>
        (TimeText.TryParse(text, out milliseconds, out var hasOffset) && hasOffset)
        || Refuse($"sentAt is {ShownText.Of(text)}: a time like 2026-01-31T12:00:00.000Z belongs there");

    private bool TryOutcome(ReadOnlySpan<byte> record, RecordFields fields, out long value, out LossReason loss)
    {
        var valueText = Text(record, fields, SampleColumns.Value);
        var lossText = Text(record, fields, SampleColumns.Loss);
        (value, loss) = (0, LossReason.None);
        if (valueText.IsEmpty == lossText.IsEmpty)
        {
            return Refuse(valueText.IsEmpty
                ? "it has neither a value nor a reason of loss"
                : "it has both a value and a reason of loss");
        }
        if (valueText.IsEmpty)
        {
            return LossWords.TryParse(Encoding.UTF8.GetString(lossText), out loss)
                || Refuse($"loss is {ShownText.Of(lossText)}, which is no reason that this version knows");
        }
        return (Utf8Parser.TryParse(valueText, out value, out int length) && length == valueText.Length
                && value is >= -MaxValue and <= MaxValue)
            || Refuse($"value is {ShownText.Of(valueText)}: a whole number from -{MaxValue} to {MaxValue} "
                + "belongs there");
    }

    // What may be missing.
    private bool TryRemarks(ReadOnlySpan<byte> record, RecordFields fields, out Sample remarks)
    {
        remarks = default;
        var suspect = Text(record, fields, SampleColumns.Suspect);
        long duplicates = 0, timeToLive = 0;
        if (!suspect.IsEmpty && !suspect.SequenceEqual("true"u8) && !suspect.SequenceEqual("false"u8))
        {
            return Refuse($"suspect is {ShownText.Of(suspect)}: true or false belongs there");
        }
        var hasTimeToLive = !Text(record, fields, SampleColumns.TimeToLive).IsEmpty;
        if ((!Text(record, fields, SampleColumns.Duplicates).IsEmpty
                && !TryNumber(record, fields, SampleColumns.Duplicates, ushort.MaxValue, out duplicates))
            || (hasTimeToLive && !TryNumber(record, fields, SampleColumns.TimeToLive, byte.MaxValue, out timeToLive)))
        {
            return false;
        }
        remarks = remarks with
        {
            IsSuspect = suspect.SequenceEqual("true"u8),
            Duplicates = (ushort)duplicates,
            TimeToLive = hasTimeToLive ? (byte)timeToLive : null,
        };
        return true;
    }

    private bool TryNumber(ReadOnlySpan<byte> record, RecordFields fields, int column, long most, out long number)
    {
        var text = Text(record, fields, column);
        return (Utf8Parser.TryParse(text, out number, out int length) && length == text.Length
                && number >= 0 && number <= most)
            || Refuse($"{SampleColumns.Names[column]} is {ShownText.Of(text)}: a whole number from 0 to {most} "
                + "belongs there");
    }

    private ReadOnlySpan<byte> Text(ReadOnlySpan<byte> record, RecordFields fields, int column) =>
        fields.Of(record, _fields[column]);

    private bool Refuse(string problem)
    {
        Problem = problem;
        return false;
    }
}
