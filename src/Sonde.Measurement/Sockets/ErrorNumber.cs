namespace Sonde.Measurement.Sockets;

/// <summary>The error numbers of Linux that a connect may meet (errno(3)); the same on x86-64 and arm64.</summary>
internal static class ErrorNumber
{
    public const int NotPermitted = 1;
    public const int Interrupted = 4;
    public const int TryAgain = 11;
    public const int OutOfMemory = 12;
    public const int AccessDenied = 13;
    public const int TableOfFilesFull = 23;
    public const int TooManyFiles = 24;
    public const int BrokenPipe = 32;
    public const int NoNetwork = 64;
    public const int ProtocolError = 71;
    public const int MessageTooLong = 90;
    public const int ProtocolNotAvailable = 92;
    public const int FamilyNotSupported = 97;
    public const int AddressNotAvailable = 99;
    public const int NetworkDown = 100;
    public const int NetworkUnreachable = 101;
    public const int ConnectionReset = 104;
    public const int NoBuffers = 105;
    public const int TimedOut = 110;
    public const int ConnectionRefused = 111;
    public const int HostDown = 112;
    public const int HostUnreachable = 113;
    public const int InProgress = 115;
}
