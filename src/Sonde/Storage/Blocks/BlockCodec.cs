using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Sonde.Measurement;
using Sonde.Samples;

namespace Sonde.Storage.Blocks;

/// <summary>Packs the samples of a block column by column, lossless, with a checksum. One caller at a time.</summary>
/// <remarks>
/// Layout 1: the byte 1, the count, then the columns: rounds (the first, then differences as runs), indexes (runs of
/// the difference to what the round lets expect), times (differences of differences), loss (runs), values (differences
/// between answered ones), suspect, duplicates, hop limit + 1 (runs); last the CRC-32C of all that, 4 bytes, little
/// endian. Numbers are varints.
/// </remarks>
internal sealed class BlockCodec
{
    /// <summary>The most samples in a block.</summary>
    public const int MaxCount = 4_096;

    private const byte Layout = 1;
    private const int ChecksumLength = 4;
    private readonly ColumnWriter _columns = new();

    /// <summary>Packs 1 to <see cref="MaxCount"/> samples of one series.</summary>
    /// <returns>The block's bytes; the next call changes them.</returns>
    public ArraySegment<byte> Pack(ReadOnlySpan<Sample> samples)
    {
        ArgumentOutOfRangeException.ThrowIfZero(samples.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(samples.Length, MaxCount);
        _columns.Clear();
        _columns.Byte(Layout);
        _columns.Number((ulong)samples.Length);
        PackIdentities(samples);
        PackTimes(samples);
        PackOutcomes(samples);
        _columns.Checksum();
        return _columns.Written;
    }

    /// <summary>Appends the samples of a block; false, and nothing appended, when the bytes are not a block.</summary>
    public static bool TryUnpack(ReadOnlySpan<byte> bytes, SeriesHandle series, List<Sample> samples)
    {
        if (bytes.Length <= ChecksumLength || bytes[0] != Layout ||
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[^ChecksumLength..]) != Crc32C.Of(bytes[..^ChecksumLength]))
        {
            return false;
        }
        var before = samples.Count;
        if (TryUnpackColumns(bytes[1..^ChecksumLength], series, samples))
        {
            return true;
        }
        samples.RemoveRange(before, samples.Count - before);
        return false;
    }

    /// <summary>
    /// Appends what stands between the layout and the checksum; any bytes may be given. False when they are damaged.
    /// </summary>
    internal static bool TryUnpackColumns(ReadOnlySpan<byte> bytes, SeriesHandle series, List<Sample> samples)
    {
        var columns = new ColumnReader(bytes);
        var count = columns.Number();
        if (count is 0 or > MaxCount)
        {
            return false;
        }
        var first = samples.Count;
        CollectionsMarshal.SetCount(samples, first + (int)count);
        var into = CollectionsMarshal.AsSpan(samples)[first..];
        into.Fill(new Sample { Series = series, Round = 0, Index = 0, SentAtMilliseconds = 0 });
        UnpackIdentities(ref columns, into);
        UnpackTimes(ref columns, into);
        UnpackOutcomes(ref columns, into);
        return columns.IsWhole;
    }

    private void PackIdentities(ReadOnlySpan<Sample> samples)
    {
        var round = 0L;
        foreach (ref readonly var sample in samples)
        {
            _columns.Repeatable(Varint.ZigZag(unchecked(sample.Round - round)));
            round = sample.Round;
        }
        _columns.EndRun();
        var before = new SampleIdentity(samples[0].Round, ushort.MaxValue);
        foreach (ref readonly var sample in samples)
        {
            _columns.Repeatable(Varint.ZigZag(sample.Index - ExpectedIndex(before, sample.Round)));
            before = SampleIdentity.Of(sample);
        }
        _columns.EndRun();
    }

    private static void UnpackIdentities(ref ColumnReader columns, Span<Sample> samples)
    {
        var round = 0L;
        foreach (ref var sample in samples)
        {
            round = unchecked(round + Varint.UnZigZag(columns.Repeatable()));
            sample = sample with { Round = round };
        }
        columns.EndRun();
        var before = new SampleIdentity(samples[0].Round, ushort.MaxValue);
        foreach (ref var sample in samples)
        {
            var index = unchecked((ulong)(Varint.UnZigZag(columns.Repeatable()) + ExpectedIndex(before, sample.Round)));
            sample = sample with { Index = (ushort)columns.AtMost(ushort.MaxValue, index) };
            before = SampleIdentity.Of(sample);
        }
        columns.EndRun();
    }

    // The probes of a round are numbered 0, 1, 2 …
    private static ushort ExpectedIndex(SampleIdentity before, long round) =>
        round == before.Round ? unchecked((ushort)(before.Index + 1)) : (ushort)0;

    private void PackTimes(ReadOnlySpan<Sample> samples)
    {
        var times = default(SteadyTimes);
        foreach (ref readonly var sample in samples)
        {
            _columns.Number(Varint.ZigZag(unchecked(sample.SentAtMilliseconds - times.Expected)));
            times.Next(sample.SentAtMilliseconds);
        }
    }

    private static void UnpackTimes(ref ColumnReader columns, Span<Sample> samples)
    {
        var times = default(SteadyTimes);
        foreach (ref var sample in samples)
        {
            var sentAt = unchecked(times.Expected + Varint.UnZigZag(columns.Number()));
            sample = sample with { SentAtMilliseconds = sentAt };
            times.Next(sentAt);
        }
    }

    private void PackOutcomes(ReadOnlySpan<Sample> samples)
    {
        foreach (ref readonly var sample in samples)
        {
            _columns.Repeatable((byte)sample.Loss);
        }
        _columns.EndRun();
        var answered = 0L;
        foreach (ref readonly var sample in samples)
        {
            _columns.Number(Varint.ZigZag(sample.IsLost ? sample.Value : unchecked(sample.Value - answered)));
            answered = sample.IsLost ? answered : sample.Value;
        }
        foreach (ref readonly var sample in samples)
        {
            _columns.Repeatable(sample.IsSuspect ? 1UL : 0UL);
        }
        _columns.EndRun();
        foreach (ref readonly var sample in samples)
        {
            _columns.Repeatable(sample.Duplicates);
        }
        _columns.EndRun();
        foreach (ref readonly var sample in samples)
        {
            _columns.Repeatable(sample.TimeToLive is { } timeToLive ? timeToLive + 1UL : 0UL);
        }
        _columns.EndRun();
    }

    private static void UnpackOutcomes(ref ColumnReader columns, Span<Sample> samples)
    {
        foreach (ref var sample in samples)
        {
            sample = sample with { Loss = (LossReason)columns.AtMost(byte.MaxValue, columns.Repeatable()) };
        }
        columns.EndRun();
        var answered = 0L;
        foreach (ref var sample in samples)
        {
            var number = Varint.UnZigZag(columns.Number());
            sample = sample with { Value = sample.IsLost ? number : unchecked(answered + number) };
            answered = sample.IsLost ? answered : sample.Value;
        }
        foreach (ref var sample in samples)
        {
            sample = sample with { IsSuspect = columns.AtMost(1, columns.Repeatable()) == 1 };
        }
        columns.EndRun();
        foreach (ref var sample in samples)
        {
            sample = sample with { Duplicates = (ushort)columns.AtMost(ushort.MaxValue, columns.Repeatable()) };
        }
        columns.EndRun();
        foreach (ref var sample in samples)
        {
            var hops = columns.AtMost(byte.MaxValue + 1, columns.Repeatable());
            sample = sample with { TimeToLive = hops == 0 ? null : (byte)(hops - 1) };
        }
        columns.EndRun();
    }

    /// <summary>Expects each time as far after the one before as that was after its own.</summary>
    private struct SteadyTimes
    {
        private long _last;
        private long _step;
        private int _seen;

        public readonly long Expected => unchecked(_last + _step);

        public void Next(long time)
        {
            _step = _seen == 0 ? 0 : unchecked(time - _last);
            _last = time;
            _seen = 1;
        }
    }
}
