using System.Reflection;

namespace VteWats.Unit.Support;

/// <summary>Where the tests find what was built.</summary>
public static class Repository
{
    public static readonly string Root = typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;

    /// <summary>The packaged module, as it is shipped.</summary>
    public static readonly string Module = Path.Combine(Root, "artifacts", "module", "VteWats", "VteWats.psd1");
}
