using System.Xml;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Sonde.Access;

/// <summary>
/// The keys that cookies are signed with: files in a folder. One that the folder does not take (a full disk, another
/// user's directory) serves until the end of the run, so that signing in works also then. Any thread.
/// </summary>
/// <param name="path">The folder; made with the first key, for this user alone.</param>
/// <param name="logger">Told when the folder cannot be read or written.</param>
internal sealed partial class KeyFolder(string path, ILogger<KeyFolder> logger) : IXmlRepository
{
    private readonly Lock _lock = new();
    private readonly List<XElement> _unsaved = [];

    /// <inheritdoc/>
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        lock (_lock)
        {
            return [.. ReadSaved_NeedsLock(), .. _unsaved.Select(element => new XElement(element))];
        }
    }

    /// <inheritdoc/>
    public void StoreElement(XElement element, string friendlyName)
    {
        lock (_lock)
        {
            try
            {
                Save_NeedsLock(element);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                _unsaved.Add(new XElement(element));
                LogUnsaved(path, error.Message);
            }
        }
    }

    private List<XElement> ReadSaved_NeedsLock()
    {
        var elements = new List<XElement>();
        foreach (var file in Directory.Exists(path) ? Directory.GetFiles(path, "*.xml") : [])
        {
            try
            {
                elements.Add(XElement.Load(file));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or XmlException)
            {
                LogUnread(file, error.Message);
            }
        }
        return elements;
    }

    /// <summary>Writes the key beside its place and then moves it there, so that a file is never half a key.</summary>
    private void Save_NeedsLock(XElement element)
    {
        MakeFolder(path);
        var file = Path.Combine(path, $"key-{Guid.NewGuid():N}.xml");
        try
        {
            element.Save($"{file}.tmp");
            File.Move($"{file}.tmp", file);
        }
        finally
        {
            File.Delete($"{file}.tmp");
        }
    }

    private static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "A sign-in lasts until this run ends, since {Folder} takes no keys: {Reason}")]
    private partial void LogUnsaved(string folder, string reason);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Who was signed in must sign in again, since {File} cannot be read: {Reason}")]
    private partial void LogUnread(string file, string reason);
}
