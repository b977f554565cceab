using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace VteWats.HelpBuilder;

/// <summary>The cmdlets of the packaged module, as the engine sees them.</summary>
internal sealed class ModuleCmdlets : IDisposable
{
    private readonly Runspace _runspace;
    private readonly Dictionary<string, CmdletInfo> _cmdlets;

    public ModuleCmdlets(string manifest)
    {
        var state = InitialSessionState.CreateDefault2();
        state.ThrowOnRunspaceOpenError = true;
        state.ImportPSModule(manifest);
        _runspace = RunspaceFactory.CreateRunspace(state);
        _runspace.Open();
        using var shell = PowerShell.Create(_runspace);
        shell.AddCommand("Get-Command").AddParameter("Module", Path.GetFileNameWithoutExtension(manifest))
            .AddParameter("CommandType", CommandTypes.Cmdlet);
        _cmdlets = shell.Invoke<CmdletInfo>().ToDictionary(c => c.Name, StringComparer.OrdinalIgnoreCase);
    }

    public CmdletInfo? Find(string name) => _cmdlets.GetValueOrDefault(name);

    /// <summary>The parameters that the cmdlet declares itself: neither the common ones nor those of every cmdlet that changes
    /// something.</summary>
    public static IEnumerable<ParameterMetadata> OwnParameters(CmdletInfo cmdlet) =>
        cmdlet.Parameters.Values.Where(p => IsOwn(p.Name)).OrderBy(p => p.Name, StringComparer.OrdinalIgnoreCase);

    public static bool IsOwn(string parameter) =>
        !Cmdlet.CommonParameters.Contains(parameter) && !Cmdlet.OptionalCommonParameters.Contains(parameter);

    public void Dispose() => _runspace.Dispose();
}
