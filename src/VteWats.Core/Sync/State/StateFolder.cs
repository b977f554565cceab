using System.Security.AccessControl;
using System.Security.Principal;
using VteWats.Core.Diagnostics;

namespace VteWats.Core.Sync.State;

/// <summary>The folder of the state: readable by its owner only, and on a disk of this machine.</summary>
internal static class StateFolder
{
    private const UnixFileMode OwnerFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes the folder and an empty database file that nobody else may read.</summary>
    /// <exception cref="VteWatsException"><c>StateNotWritable</c>: it cannot be made; <c>StateFolderUnsuitable</c>: it is on another
    /// machine.</exception>
    public static void Prepare(StateDatabase database)
    {
        EnsureLocal(database.Folder);
        try
        {
            Make(database.Folder);
            // SQLite makes its further files with the rights of this one.
            var options = new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite,
                Share = FileShare.ReadWrite
            };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerFile;
            using var _ = new FileStream(database.Path, options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw database.NotWritable(e);
        }
    }

    /// <summary>Makes the folder, if it is not there, for its owner (and the administrators of a Windows machine) alone.</summary>
    public static void Make(string folder)
    {
        if (Directory.Exists(folder)) return;
        if (OperatingSystem.IsWindows()) MakeOnWindows(folder);
        else Directory.CreateDirectory(folder, OwnerFolder);
    }

    /// <summary>
    /// Locks and flushes of a file that lies on another machine are promises of the network. SQLite says so itself: a database on a network
    /// drive may be damaged.
    /// </summary>
    private static void EnsureLocal(string folder)
    {
        var isShare = OperatingSystem.IsWindows() && folder.StartsWith(@"\\", StringComparison.Ordinal);
        var drive = isShare ? null : DriveInfo.GetDrives()
            .Where(d => folder.StartsWith(d.Name, OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase
            : StringComparison.Ordinal))
            .MaxBy(d => d.Name.Length);
        if (!isShare && drive?.DriveType != DriveType.Network) return;
        throw new VteWatsException(
            ErrorKind.StateFolderUnsuitable,
            $"The state folder {folder} is on a network drive, where locks and flushes cannot be relied on.",
            "Put the state folder on a disk of this machine: stateFolder in the configuration, or -StateFolder.", folder);
    }

    [System.Runtime.Versioning.SupportedOSPlatform("windows")]
    private static void MakeOnWindows(string folder)
    {
        var security = new DirectorySecurity();
        security.SetAccessRuleProtection(isProtected: true, preserveInheritance: false);
        const InheritanceFlags Below = InheritanceFlags.ContainerInherit | InheritanceFlags.ObjectInherit;
        foreach (var who in (WellKnownSidType[])[WellKnownSidType.BuiltinAdministratorsSid, WellKnownSidType.LocalSystemSid])
        {
            security.AddAccessRule(new FileSystemAccessRule(
                new SecurityIdentifier(who, null), FileSystemRights.FullControl, Below, PropagationFlags.None, AccessControlType.Allow));
        }
        using var me = WindowsIdentity.GetCurrent();
        security.AddAccessRule(new FileSystemAccessRule(me.User!, FileSystemRights.FullControl, Below, PropagationFlags.None,
            AccessControlType.Allow));
        security.CreateDirectory(folder);
    }
}
