namespace Sonde.Samples;

/// <summary>
/// This process must not use the store at all: another one does, or a newer version wrote it. Waiting does not help, so
/// the program says the message and ends.
/// </summary>
internal sealed class StoreRefusedException(string message) : Exception(message);
