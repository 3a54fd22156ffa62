using System.Buffers.Binary;
using System.Text;

namespace Sonde.SystemTests.Storage;

/// <summary>Plays a record of <c>recorder.c</c>: what a disk surely holds after each step, and what it may hold besides.</summary>
/// <remarks>
/// The strict reading of POSIX: a write is on the disk when its file was synced afterwards; a new, renamed or deleted name when its
/// directory was. Everything else may be there, wholly, in part, or not at all.
/// </remarks>
internal sealed class RecordedDisk(string directory)
{
    private readonly Dictionary<string, RecordedFile> _names = [];
    private Dictionary<string, RecordedFile> _durableNames = [];

    /// <summary>Reads the steps of a record.</summary>
    public static List<DiskStep> ReadSteps(string recordFile)
    {
        var steps = new List<DiskStep>();
        var bytes = File.ReadAllBytes(recordFile).AsSpan();
        while (bytes.Length >= 15)
        {
            var pathLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes[1..]);
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[3..]);
            steps.Add(new DiskStep(
                (char)bytes[0],
                Encoding.UTF8.GetString(bytes.Slice(15, pathLength)),
                BinaryPrimitives.ReadInt64LittleEndian(bytes[7..]),
                bytes.Slice(15 + pathLength, length).ToArray()));
            bytes = bytes[(15 + pathLength + length)..];
        }
        return steps;
    }

    /// <summary>Plays a step.</summary>
    public void Play(DiskStep step)
    {
        switch (step.Operation)
        {
            case 'w' or 't':
                if (!_names.TryGetValue(step.Path, out var file))
                {
                    _names.Add(step.Path, file = new RecordedFile());
                }
                file.Unsynced.Add(step);
                break;
            case 's' when step.Path == directory:
                _durableNames = new(_names);
                break;
            case 's':
                _names.GetValueOrDefault(step.Path)?.Sync();
                break;
            case 'u':
                _names.Remove(step.Path);
                break;
            case 'r':
                _names[Encoding.UTF8.GetString(step.Content)] = _names[step.Path];
                _names.Remove(step.Path);
                break;
            default:
                throw new InvalidDataException($"an unknown step '{step.Operation}'");
        }
    }

    /// <summary>Writes the files as they would be found after a power cut now.</summary>
    /// <param name="into">An empty directory.</param>
    /// <param name="mayRemain">Chooses how many bytes, of so many, of an unsynced write got to the disk.</param>
    /// <param name="namesAreDurable">True when changes of names got to the disk, though the directory was not synced.</param>
    public void CutPower(string into, Func<int, int> mayRemain, bool namesAreDurable)
    {
        foreach (var (path, file) in namesAreDurable ? _names : _durableNames)
        {
            if (!path.EndsWith("-shm", StringComparison.Ordinal))   // memory, not disk
            {
                File.WriteAllBytes(Path.Combine(into, Path.GetFileName(path)), file.AfterPowerCut(mayRemain));
            }
        }
    }

    private sealed class RecordedFile
    {
        private byte[] _durable = [];

        public List<DiskStep> Unsynced { get; } = [];

        public void Sync()
        {
            _durable = Unsynced.Aggregate(_durable, (bytes, step) => Apply(bytes, step, step.Content.Length));
            Unsynced.Clear();
        }

        public byte[] AfterPowerCut(Func<int, int> mayRemain) => Unsynced.Aggregate(
            (byte[])_durable.Clone(),
            (bytes, step) => step.Operation == 't' && mayRemain(1) == 0 ? bytes : Apply(bytes, step, mayRemain(step.Content.Length)));

        private static byte[] Apply(byte[] bytes, DiskStep step, int length)
        {
            if (step.Operation == 't')
            {
                Array.Resize(ref bytes, (int)step.Offset);
            }
            else if (length > 0)
            {
                Array.Resize(ref bytes, Math.Max(bytes.Length, (int)step.Offset + length));
                step.Content.AsSpan(0, length).CopyTo(bytes.AsSpan((int)step.Offset));
            }
            return bytes;
        }
    }
}

/// <summary>A change of a file, or its sync: <c>w</c>rite, <c>t</c>runcate, <c>s</c>ync, <c>u</c>nlink, <c>r</c>ename.</summary>
internal sealed record DiskStep(char Operation, string Path, long Offset, byte[] Content);
