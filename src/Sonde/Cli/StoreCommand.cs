using System.CommandLine;

namespace Sonde.Cli;

/// <summary><c>sonde store …</c>: what can be done with a store beside measuring into it.</summary>
internal static class StoreCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create() => new("store", "Look into a store, check, compact, copy or prune it")
    {
        StoreInfoCommand.Create(), StoreVerifyCommand.Create(), StoreCompactCommand.Create(),
        StoreBackupCommand.Create(), StoreMigrateCommand.Create(), StoreForgetCommand.Create(),
    };
}
