using Microsoft.Win32.SafeHandles;

namespace Sonde.Cli;

/// <summary>
/// The program's standard output. When it takes no more, <see cref="OutputLostException"/> ends the verb.
/// </summary>
internal sealed class StandardOutput : Stream
{
    private const int Descriptor = 1;
    private const int BrokenPipe = 32; // EPIPE, see write(2)

    private readonly Stream _output = OpenDescriptor();

    private StandardOutput()
    {
    }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>For data, unbuffered.</summary>
    public static StandardOutput Open() => new();

    /// <summary>For text: the console's own on a terminal; elsewhere each write goes out at once.</summary>
    public static TextWriter OpenText() => Console.IsOutputRedirected
        ? new StreamWriter(Open(), Console.OutputEncoding) { AutoFlush = true }
        : Console.Out;

    /// <inheritdoc/>
    public override void Flush()
    {
        // nothing is kept back
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            _output.Write(buffer);
        }
        catch (IOException error)
        {
            throw new OutputLostException(error) { IsReaderGone = error.HResult == BrokenPipe };
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>
    /// The console's stream is silent when the reader of a pipe has gone, so that an export would be written to the end
    /// for nobody; a file's stream would write over what others append to a file. Hence each where it is right.
    /// </summary>
    private static Stream OpenDescriptor()
    {
        var pipe = new FileStream(new SafeFileHandle(Descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return pipe.CanSeek || !Console.IsOutputRedirected ? Console.OpenStandardOutput() : pipe;
    }
}

/// <summary>Standard output takes no more: the disk is full, or its reader has gone.</summary>
internal sealed class OutputLostException(IOException cause) : Exception(cause.Message, cause)
{
    /// <summary>True when the reader of the pipe has closed it, as <c>head</c> does: nobody need be told.</summary>
    public bool IsReaderGone { get; init; }
}
