using VteWats.Core.Vte;

namespace VteWats.Unit.Architecture;

/// <summary>Of Core is public what the cmdlets use or emit, and nothing else.</summary>
public sealed class PublicTypeTests
{
    private static readonly string Cmdlets =
        Path.Combine(Path.GetDirectoryName(Repository.Module)!, "bin", "net8.0", "VteWats.PowerShell.dll");

    private static readonly string Core = typeof(VteTestRun).Assembly.Location;

    [Fact]
    public void What_nobody_outside_Core_needs_is_internal() => Assert.Empty(PublicTypes.WithoutNeed(Core, Cmdlets));

    /// <summary>The resolver that finds Core is hooked while the module is imported: what PowerShell must load before that does not need
    /// it.</summary>
    [Fact]
    public void Cmdlets_can_be_looked_at_before_Core_can_be_found() => Assert.Empty(PublicTypes.NeededWhenLoading(Cmdlets, Core));

    /// <summary>This assembly uses Core, and shows what the rules forbid.</summary>
    [Fact]
    public void What_is_public_without_need_and_what_is_needed_when_loading_is_found()
    {
        var mine = typeof(PublicTypeTests).Assembly.Location;
        Assert.Contains($"{typeof(WithAResult).FullName}: State", PublicTypes.NeededWhenLoading(mine, Core));
        Assert.Contains(typeof(WithAResult).FullName!, PublicTypes.WithoutNeed(mine, Core));
    }
}

/// <summary>A deliberate breach of both rules.</summary>
public sealed class WithAResult
{
    public VteWats.Core.Wats.WatsReceiptState? State { get; init; }
}
