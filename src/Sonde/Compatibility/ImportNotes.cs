using Sonde.Configuration.Yaml;

namespace Sonde.Compatibility;

/// <summary>Something of another tool's file that sonde.yaml does not say, or says otherwise.</summary>
/// <param name="File">The file, as the user named it.</param>
/// <param name="Place">Where it stands there.</param>
/// <param name="Message">One sentence without its full stop. Never holds a secret.</param>
internal sealed record ImportNote(string File, Place Place, string Message)
{
    /// <summary><c>FILE:LINE:COLUMN: message</c>.</summary>
    public override string ToString() => new Problem(Place, Message).ToText(File);
}

/// <summary>Gathers what could not be carried over from one file.</summary>
internal sealed class ImportNotes(string file)
{
    private readonly HashSet<ImportNote> _notes = [];

    /// <summary>The directory of the file: paths in it are relative to it.</summary>
    public string Directory => Path.GetDirectoryName(Path.GetFullPath(file))!;

    /// <summary>Notes it; the same at the same place only once.</summary>
    public void Add(Place place, string message) => _notes.Add(new ImportNote(file, place, message));

    /// <summary>All of them, in the order of the file.</summary>
    public IEnumerable<ImportNote> InFileOrder() => _notes.OrderBy(note => note.Place);
}
