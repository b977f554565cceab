using System.Runtime.CompilerServices;
using VteWats.Core.Configuration;
using VteWats.Core.Diagnostics;
using VteWats.Core.Operating.Setup;
using VteWats.Core.Sync;

namespace VteWats.PowerShell.Abstractions;

/// <summary>The chain from the configuration file to WATS: what it says and the secrets first, then what is made of them.</summary>
internal static class SetupWalk
{
    /// <param name="file">The configuration file; null where there is none.</param>
    /// <param name="isMeant">Whether a site is meant.</param>
    /// <param name="secrets">Reads secrets as this account.</param>
    /// <param name="ct">Ends it.</param>
    public static async IAsyncEnumerable<SetupStep> RunAsync(string? file, Func<string, bool> isMeant, SecretReader secrets,
        [EnumeratorCancellation] CancellationToken ct)
    {
        yield return new SetupStep("Account", null, SetupState.Passed, $"This is {Environment.UserName} on {Environment.MachineName}.");
        if (file is null)
        {
            yield return new SetupStep("Configuration", null, SetupState.Failed,
                $"There is no configuration file: {ConfigurationFile.EnvironmentVariable} is not set, and none of these exists: "
                + $"{string.Join(", ", ConfigurationFile.Places)}.",
                "Make one with New-VteWatsConfiguration, or name one with -ConfigurationPath.");
            yield break;
        }
        var findings = ConfigurationFile.Check(file);
        foreach (var finding in findings)
            yield return new SetupStep("Configuration", null, SetupState.Failed, $"{finding}", $"Correct it in {file}.");
        if (findings.Count > 0) yield break;
        var configuration = ConfigurationFile.Load(file);
        yield return new SetupStep("Configuration", null, SetupState.Passed, $"{file} has no findings.");
        var sites = configuration.Sites.Values.Where(site => isMeant(site.Name))
            .OrderBy(site => site.Name, StringComparer.OrdinalIgnoreCase);

        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, reference) in References(configuration, isMeant))
        {
            SetupStep? failed = null;
            try
            {
                known[reference] = await secrets.ReadAsync(reference, ct).ConfigureAwait(false);
            }
            catch (VteWatsException e)
            {
                failed = SetupStep.From("Secret", null, e);
            }
            yield return failed ?? new SetupStep("Secret", null, SetupState.Passed, $"{name} can be read from {reference}.");
        }
        var check = new SetupCheck(new SetupParts
        {
            Sites = [.. sites.Select(site => (site, Secret(site.Connection.Password)))], Wats = configuration.Wats,
            Token = Secret(configuration.Wats?.Token), ProxyPassword = Secret(configuration.Wats?.ProxyPassword),
            StateFolder = configuration.StateFolder!, Logging = configuration.Logging, Health = configuration.Health,
        });
        await foreach (var step in check.RunAsync(ct).ConfigureAwait(false)) yield return step;

        string? Secret(string? reference) => reference is null ? null : known.GetValueOrDefault(reference);
    }

    private static IEnumerable<(string Name, string Reference)> References(VteWatsConfiguration configuration, Func<string, bool> isMeant)
    {
        foreach (SiteOptions site in configuration.Sites.Values)
            if (isMeant(site.Name) && site.Connection.Password is { } password) yield return ($"The password of '{site.Name}'", password);
        if (configuration.Wats?.Token is { } token) yield return ("The token", token);
        if (configuration.Wats?.ProxyPassword is { } proxy) yield return ("The password of the proxy", proxy);
        if (configuration.Alerts.Mail?.Password is { } mail) yield return ("The password of the mail server", mail);
        foreach (var (name, webhook) in configuration.Alerts.Webhooks) yield return ($"The URL of the webhook '{name}'", webhook.Url);
        if (configuration.Alerts.Heartbeat is { } beat) yield return ("The URL of the heartbeat", beat);
    }
}
