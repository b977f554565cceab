using System.Management.Automation;
using VteWats.Core.Diagnostics;
using VteWats.PowerShell.Pipeline;

namespace VteWats.PowerShell.Abstractions;

/// <summary>Asks Microsoft.PowerShell.SecretManagement in the user's session, when it is installed.</summary>
internal static class SessionVault
{
    private const string Ask =
        """
        param($Vault, $Name)
        $where = @{ Name = $Name }
        if ($Vault) { $where.Vault = $Vault }
        Microsoft.PowerShell.SecretManagement\Get-Secret @where -AsPlainText -ErrorAction Stop
        """;

    public static async Task<string?> ReadAsync(PSCmdlet cmdlet, IPipelineWriter output, string? vault, string name, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        try
        {
            return await output.OnPipelineThreadAsync(() =>
            {
                var found = cmdlet.InvokeCommand.InvokeScript(Ask, vault, name);
                return found.Count == 0 ? null : Plain(found[0].BaseObject);
            }).ConfigureAwait(false);
        }
        catch (CommandNotFoundException e)
        {
            throw Unavailable(
                vault, name, "The module Microsoft.PowerShell.SecretManagement is not installed.",
                "Install Microsoft.PowerShell.SecretManagement and register the vault, or use env:NAME or file:PATH.", e);
        }
        catch (RuntimeException e) when (e is not PipelineStoppedException)
        {
            throw Unavailable(vault, name, e.Message, "Check the vault with Get-SecretInfo and Unlock-SecretVault.", e);
        }
    }

    private static string? Plain(object found) => found switch
    {
        string text => text,
        PSCredential credential => credential.GetNetworkCredential().Password,
        System.Security.SecureString secure => Plain(secure),
        _ => null,
    };

    /// <summary>The text of a SecureString; masked in logs and errors from then on.</summary>
    public static string Plain(System.Security.SecureString secure)
    {
        var text = new System.Net.NetworkCredential("", secure).Password;
        SecretMask.Add(text);
        return text;
    }

    private static VteWatsException Unavailable(string? vault, string name, string why, string advice, Exception inner)
    {
        var reference = vault is null ? $"secret:{name}" : $"secret:{vault}/{name}";
        return new(ErrorKind.SecretUnavailable, $"The secret {reference} is not available. {why}", advice, reference, inner);
    }
}
