using System.Management.Automation;
using System.Reflection;
using System.Runtime.Loader;

namespace VteWats.PowerShell.Loading;

/// <summary>
/// Keeps the module's dependencies out of everybody's way: <c>VteWats.Core</c> and all it needs live in a load context of
/// their own, and only the name <c>VteWats.Core</c> is answered for in the default one. A SqlClient that another module has
/// loaded stays as it was, and ours is not disturbed by it.
/// </summary>
public sealed class ModuleInitializer : IModuleAssemblyInitializer
{
    private static readonly object Gate = new();
    private static bool s_hooked;

    public void OnImport()
    {
        DependencyContext.MustBeComplete();
        // Once a process: importing again with -Force runs this again, in the same load context. Whoever imports beside it goes on only
        // when the hook is there:
        // .NET remembers that an assembly was not found.
        lock (Gate)
        {
            if (!s_hooked) AssemblyLoadContext.Default.Resolving += DependencyContext.ResolveCore;
            s_hooked = true;
        }
    }
}

internal sealed class DependencyContext : AssemblyLoadContext
{
    private static readonly string CorePath = Path.Combine(
        Path.GetDirectoryName(typeof(DependencyContext).Assembly.Location)!, "deps", "VteWats.Core.dll");

    private static readonly Lazy<DependencyContext> Instance = new(() => new DependencyContext());

    // The resolver reads VteWats.Core.deps.json; only that knows runtimes/<os>/lib, where the real SqlClient lies.
    private readonly AssemblyDependencyResolver _resolver = new(CorePath);

    private DependencyContext() : base("VteWats", isCollectible: false) { }

    /// <exception cref="FileNotFoundException">The package lacks its deps.json.</exception>
    public static void MustBeComplete()
    {
        // Without it the resolver would hand out SqlClient's stub, which fails at the first connection and does not say why.
        var deps = Path.ChangeExtension(CorePath, ".deps.json");
        if (!File.Exists(deps))
            throw new FileNotFoundException($"The module VteWats is incomplete: {deps} is missing. Install the whole package again.", deps);
    }

    public static Assembly? ResolveCore(AssemblyLoadContext context, AssemblyName name) =>
        name.Name == "VteWats.Core" ? Instance.Value.LoadFromAssemblyPath(CorePath) : null;

    protected override Assembly? Load(AssemblyName name) =>
        _resolver.ResolveAssemblyToPath(name) is { } path ? LoadFromAssemblyPath(path) : null;

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;
}
