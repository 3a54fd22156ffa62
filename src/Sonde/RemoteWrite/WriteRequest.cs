namespace Sonde.RemoteWrite;

/// <summary>A request to a receiver.</summary>
/// <param name="Body">Its body, compressed by snappy's block format.</param>
/// <param name="Samples">How many samples it holds.</param>
internal sealed record WriteRequest(byte[] Body, int Samples);
