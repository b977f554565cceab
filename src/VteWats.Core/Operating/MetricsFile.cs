using System.Text;
using VteWats.Core.Diagnostics;
using VteWats.Core.IO;
using VteWats.Core.Sync.State;

namespace VteWats.Core.Operating;

/// <summary>A site's metrics as a file that node exporter or windows exporter collects.</summary>
public static class MetricsFile
{
    /// <summary>The file of a site.</summary>
    public static string PathOf(string folder, string site) =>
        Path.Combine(folder, $"vtewats_{new SiteFiles(folder, site).Stem}.prom");

    /// <summary>Writes it anew: the old one is there until the new one is whole.</summary>
    /// <exception cref="VteWatsException"><c>FileUnusable</c>.</exception>
    public static void Write(string folder, SiteStatus status, HealthMeasure measure)
    {
        var path = PathOf(folder, status.Site);
        try
        {
            AtomicFile.Write(path, Encoding.UTF8.GetBytes(MetricsText.Render([status], measure)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VteWatsException(ErrorKind.FileUnusable,
                $"The metrics cannot be written to {path}: {e.Message} The sync itself went on.",
                "Give the account that syncs the right to write there, or change metrics.textfileFolder.", path, e);
        }
    }
}
