using VteWats.Unit.Support;

namespace VteWats.Unit.Module;

public class ImportTests
{
    [Fact]
    public void The_packaged_module_imports_and_its_first_cmdlet_runs()
    {
        using var module = new HostedModule();
        Assert.NotEmpty(module.Run("Get-Command -Module VteWats").Clean());
    }
}
