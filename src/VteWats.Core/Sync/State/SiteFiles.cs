using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace VteWats.Core.Sync.State;

/// <summary>Where a site's state lies in the state folder. Names are legal on Windows and Linux, and sites that differ in case only are
/// one.</summary>
public sealed class SiteFiles
{
    private const int LongestStem = 80;
    private static readonly string[] Reserved = ["con", "prn", "aux", "nul", "com", "lpt"];

    public SiteFiles(string stateFolder, string site)
    {
        Folder = System.IO.Path.GetFullPath(stateFolder);
        Site = site;
        Stem = StemOf(site);
    }

    public string Folder { get; }
    public string Site { get; }

    /// <summary>The site's name as part of file names.</summary>
    public string Stem { get; }

    public const string CopySuffix = ".watermark.json";

    /// <summary>Readable copy of the watermark: the last resort when the database is lost.</summary>
    public string Watermark => File(CopySuffix);
    public string Lease(string purpose) => File($".{purpose}.lock");

    /// <summary>A file that asks a running Start-VteWatsSync to sync at once.</summary>
    public string Signal => File(".now");

    private string File(string suffix) => System.IO.Path.Combine(Folder, Stem + suffix);

    // Letters and digits of ASCII, '-', '_' and inner dots stay; everything else is ~ and four hex digits, so that no two sites share a
    // name.
    private static string StemOf(string site)
    {
        var name = site.ToLowerInvariant();
        var reserved = Array.Exists(Reserved, r => name.StartsWith(r, StringComparison.Ordinal)
            && (name.Length == 3 || name.Length == 4 && char.IsDigit(name[3])));
        var stem = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            var plain = char.IsAsciiLetterOrDigit(c) || c is '-' or '_' || c == '.' && i > 0 && i < name.Length - 1;
            if (plain && !(reserved && i == 0)) stem.Append(c);
            else stem.Append('~').Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
        }
        if (stem.Length <= LongestStem) return stem.ToString();
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..16].ToLowerInvariant();
        return $"{stem.ToString(0, LongestStem - hash.Length - 1)}~{hash}";
    }
}
