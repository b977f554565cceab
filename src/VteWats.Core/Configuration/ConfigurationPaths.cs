using VteWats.Core.Diagnostics;
using VteWats.Core.Sync;

namespace VteWats.Core.Configuration;

/// <summary>Fills in what a configuration file leaves to its own place: absolute paths, and the names of the sites.</summary>
internal static class ConfigurationPaths
{
    public static VteWatsConfiguration Complete(VteWatsConfiguration read, string file)
    {
        var folder = Path.GetDirectoryName(file)!;
        var sites = new Dictionary<string, SiteOptions>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, site) in read.Sites)
        {
            sites[name] = site with
            {
                Name = name,
                Connection = site.Connection with
                {
                    Path = Absolute(site.Connection.Path, folder),
                    Password = SecretReference.Absolute(site.Connection.Password, folder),
                },
            };
        }
        var state = Absolute(read.StateFolder ?? "state", folder)!;
        return read with
        {
            Path = file,
            Sites = sites,
            Wats = read.Wats is null ? null : read.Wats with
            {
                Token = SecretReference.Absolute(read.Wats.Token, folder),
                ProxyPassword = SecretReference.Absolute(read.Wats.ProxyPassword, folder),
            },
            StateFolder = state,
            Logging = read.Logging with { Folder = Absolute(read.Logging.Folder, folder) ?? LoggingOptions.FolderIn(state) },
            Alerts = read.Alerts with
            {
                Mail = read.Alerts.Mail is null ? null : read.Alerts.Mail with
                {
                    Password = SecretReference.Absolute(read.Alerts.Mail.Password, folder),
                },
                Webhooks = read.Alerts.Webhooks.ToDictionary(webhook => webhook.Key, webhook => webhook.Value with
                {
                    Url = SecretReference.Absolute(webhook.Value.Url, folder)!,
                }, StringComparer.OrdinalIgnoreCase),
                Heartbeat = SecretReference.Absolute(read.Alerts.Heartbeat, folder),
            },
            Metrics = read.Metrics with { TextfileFolder = Absolute(read.Metrics.TextfileFolder, folder) },
        };
    }

    private static string? Absolute(string? path, string folder) => path is null ? null : Path.GetFullPath(path, folder);
}
