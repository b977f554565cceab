using System.Reflection;

namespace VteWats.Shared;

/// <summary>Where the build put things.</summary>
public static class Repository
{
    public static readonly string Configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    public static readonly string Root = typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;

    /// <summary>The packaged module, as it is shipped.</summary>
    public static readonly string Module = Path.Combine(Root, "artifacts", "module", "VteWats", "VteWats.psd1");

    public static readonly string Adapter = Built("src/VteWats.Host", "VteWatsAdapter");
    public static readonly string Sandbox = Built("tests/WatsSandbox", "VteWats.WatsSandbox");

    /// <summary>The assembly of a program, in the configuration that runs now.</summary>
    /// <param name="folder">Of its project, relative to the repository.</param>
    /// <param name="assembly">Its name, without an extension.</param>
    public static string Built(string folder, string assembly) =>
        Path.Combine(Root, folder, "bin", Configuration, "net10.0", assembly + ".dll");
}
