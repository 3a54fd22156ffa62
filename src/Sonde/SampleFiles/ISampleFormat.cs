namespace Sonde.SampleFiles;

/// <summary>A form in which samples stand in the lines of a file. One caller at a time.</summary>
internal interface ISampleFormat
{
    /// <summary>Why the last line was refused, in words that go on after its place.</summary>
    string Problem { get; }

    /// <summary>Adds what a line holds.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <param name="isUnended">True when the file ends behind it without a line feed.</param>
    /// <param name="into">Gets the samples; nothing when the line is not <see cref="LineOutcome.Read"/>.</param>
    LineOutcome Read(ReadOnlySpan<byte> line, bool isUnended, SampleBatch into);
}

/// <summary>What became of a line.</summary>
internal enum LineOutcome
{
    /// <summary>Its samples are taken.</summary>
    Read,

    /// <summary>It is no line of samples, and need not be one: the names of the columns, or nothing at all.</summary>
    Passed,

    /// <summary>It is wrong.</summary>
    Refused,

    /// <summary>It ends within quotes, so it may go on in the next line.</summary>
    GoesOn,
}
