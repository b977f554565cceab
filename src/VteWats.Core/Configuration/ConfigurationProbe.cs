using VteWats.Core.Diagnostics;

namespace VteWats.Core.Configuration;

/// <summary>What a configuration points to on this computer: databases in files, and secrets. Looks only, and opens no
/// connection.</summary>
public static class ConfigurationProbe
{
    /// <returns>A warning for each thing that is not there for the account that asks. No value of a secret is kept or shown.</returns>
    public static async Task<IReadOnlyList<ConfigurationFinding>> CheckAsync(VteWatsConfiguration configuration, SecretReader secrets,
        CancellationToken ct)
    {
        var findings = new List<ConfigurationFinding>();
        foreach (var site in configuration.Sites.Values)
        {
            var path = $"{ConfigurationCheck.Below("$.sites", site.Name)}.connection";
            if (site.Connection.Path is { } database && !File.Exists(database))
                Warn(path + ".path", $"The file {database} does not exist.");
            await SecretAsync(path + ".password", site.Connection.Password).ConfigureAwait(false);
        }
        await SecretAsync("$.wats.token", configuration.Wats?.Token).ConfigureAwait(false);
        await SecretAsync("$.wats.proxyPassword", configuration.Wats?.ProxyPassword).ConfigureAwait(false);
        await SecretAsync("$.alerts.mail.password", configuration.Alerts.Mail?.Password).ConfigureAwait(false);
        foreach (var (name, webhook) in configuration.Alerts.Webhooks)
            await SecretAsync($"{ConfigurationCheck.Below("$.alerts.webhooks", name)}.url", webhook.Url).ConfigureAwait(false);
        await SecretAsync("$.alerts.heartbeat", configuration.Alerts.Heartbeat).ConfigureAwait(false);
        return findings;

        async Task SecretAsync(string path, string? reference)
        {
            if (reference is null) return;
            try
            {
                await secrets.ReadAsync(reference, ct).ConfigureAwait(false);
            }
            catch (VteWatsException e) when (e.Error == ErrorKind.SecretUnavailable)
            {
                Warn(path, e.Message);
            }
        }

        void Warn(string path, string message) => findings.Add(new(FindingSeverity.Warning, path, message));
    }
}
