using System.Management.Automation;

namespace VteWats.PowerShell.Abstractions;

/// <summary>
/// Takes names, and of objects that are piped in their property <c>Site</c>. Without it PowerShell would make a name of whatever comes, and
/// look for a site <c>@{Site=}</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SiteNameAttribute : ArgumentTransformationAttribute
{
    /// <exception cref="ArgumentTransformationMetadataException">It is neither text nor a number.</exception>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        if (inputData is null or string or PSObject { BaseObject: string or ValueType } or ValueType) return inputData;
        var message = $"A {(inputData is PSObject wrapped ? wrapped.BaseObject : inputData).GetType()} is not the name of a site.";
        // PowerShell goes on to look for a property only after this very exception.
        throw new ArgumentTransformationMetadataException(message, new PSInvalidCastException(message));
    }
}
