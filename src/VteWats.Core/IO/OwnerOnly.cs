using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Principal;

namespace VteWats.Core.IO;

/// <summary>Folders and files that nobody but the account that made them may read: serial numbers and measurements are in them.</summary>
internal static class OwnerOnly
{
    /// <summary>The rights of a file on Unix.</summary>
    public const UnixFileMode File = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode Folder = File | UnixFileMode.UserExecute;

    /// <summary>Makes the folder, if it is not there, for its owner (and the administrators of a Windows machine) alone.</summary>
    public static void MakeFolder(string folder)
    {
        if (Directory.Exists(folder)) return;
        if (OperatingSystem.IsWindows()) MakeOnWindows(folder);
        else Directory.CreateDirectory(folder, Folder);
    }

    /// <summary>Takes the rights of all others away from a file that was just made. What is no plain file stays as it is; on Windows the
    /// folder says who may.</summary>
    public static void Restrict(string path)
    {
        if (!OperatingSystem.IsWindows() && new FileInfo(path) is { Exists: true, LinkTarget: null })
            System.IO.File.SetUnixFileMode(path, File);
    }

    [SupportedOSPlatform("windows")]
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
