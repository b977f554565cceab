using System.Collections;
using System.Management.Automation;

namespace VteWats.PowerShell.Abstractions;

/// <summary>
/// Takes ids as what they come as: GUIDs, or text of them. Without it PowerShell would leave out a property <c>Id</c> that it cannot
/// convert, and a row of a table with an empty or misspelt id would stand for all runs of its site.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RunIdAttribute : ArgumentTransformationAttribute
{
    /// <exception cref="ArgumentTransformationMetadataException">It is text, a number or the like, and not an id.</exception>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var given = Plain(inputData);
        return given switch
        {
            null => null,
            IEnumerable list and not string => list.Cast<object?>().Select(One).ToArray(),
            _ => new[] { One(given) },
        };
    }

    private static Guid One(object? element)
    {
        var given = Plain(element);
        if (given is Guid known) return known;
        if (given is null or "") return Guid.Empty;   // told by GivenParameters
        if (given is string text && Guid.TryParse(text, out var id)) return id;
        var message = $"'{given}' is not the id of a test run. An id looks like 6f1c2b1a-55f0-4f3e-9a61-2b7d1d8f0001.";
        // An object that is piped in brings its id as a property. PowerShell goes on to look for one only after this very exception.
        throw given is string or ValueType ? new ArgumentTransformationMetadataException(message)
            : new ArgumentTransformationMetadataException(message, new PSInvalidCastException(message));
    }

    private static object? Plain(object? value) =>
        value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;
}
