using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;

namespace VteWats.Core.Operating;

/// <summary>What runs here.</summary>
internal static class Release
{
    /// <summary>Release of VteWats.</summary>
    public static string Version { get; } = typeof(Release).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
        ?.InformationalVersion.Split('+')[0] ?? "";

    /// <summary>This process, as people look for it.</summary>
    public static string Owner { get; } = string.Create(CultureInfo.InvariantCulture,
        $"process {Environment.ProcessId} of {Environment.UserName} on {Environment.MachineName}");

    public static string Runtime => RuntimeInformation.FrameworkDescription;
    public static string System => RuntimeInformation.OSDescription;
}
