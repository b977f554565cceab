using VteWats.Core.Diagnostics;
using VteWats.Core.IO;

namespace VteWats.Core.Sync.State;

/// <summary>The folder of the state: readable by its owner only, and on a disk of this machine.</summary>
internal static class StateFolder
{
    /// <summary>Makes the folder and an empty database file that nobody else may read.</summary>
    /// <exception cref="VteWatsException"><c>StateNotWritable</c>: it cannot be made; <c>StateFolderUnsuitable</c>: it is on another
    /// machine.</exception>
    public static void Prepare(StateDatabase database)
    {
        EnsureLocal(database.Folder);
        try
        {
            OwnerOnly.MakeFolder(database.Folder);
            // SQLite makes its further files with the rights of this one.
            var options = new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite,
                Share = FileShare.ReadWrite
            };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly.File;
            using var _ = new FileStream(database.Path, options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw database.NotWritable(e);
        }
    }

    /// <summary>
    /// Locks and flushes of a file that lies on another machine are promises of the network. SQLite says so itself: a database on a network
    /// drive may be damaged.
    /// </summary>
    public static void EnsureLocal(string folder)
    {
        var isShare = OperatingSystem.IsWindows() && folder.StartsWith(@"\\", StringComparison.Ordinal);
        var drive = isShare ? null : DriveOf(folder, DriveInfo.GetDrives().Select(drive => drive.Name));
        if (!isShare && (drive is null || new DriveInfo(drive).DriveType != DriveType.Network)) return;
        throw new VteWatsException(
            ErrorKind.StateFolderUnsuitable,
            $"The state folder {folder} is on a network drive, where locks and flushes cannot be relied on.",
            "Put the state folder on a disk of this machine: stateFolder in the configuration, or -StateFolder.", folder);
    }

    /// <summary>The drive, or mounted folder, that a folder lies on: of those that are above it the nearest.</summary>
    internal static string? DriveOf(string folder, IEnumerable<string> roots) => roots
        .Where(root => (folder + Path.DirectorySeparatorChar).StartsWith(
            root.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar,
            OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal))
        .MaxBy(root => root.Length);
}
