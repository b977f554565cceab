using System.Management.Automation;
using VteWats.Core.Diagnostics;

namespace VteWats.PowerShell.Abstractions;

/// <summary>
/// A parameter that is given means what it says. Given as nothing (a variable that was never set, a property that is misspelt, an empty
/// cell of a table) it is a slip, and never "everything": <c>-Id $null</c> must not read a whole plant.
/// </summary>
internal static class GivenParameters
{
    /// <summary>The error for the first parameter that was given as nothing; null when there is none.</summary>
    public static VteWatsException? Check(IEnumerable<KeyValuePair<string, object>> bound)
    {
        foreach (var (name, value) in bound)
        {
            if (What(value) is not { } nothing || Cmdlet.CommonParameters.Contains(name)) continue;
            return new VteWatsException(
                ErrorKind.InvalidArgument, $"-{name} is {nothing}. That does not mean everything.",
                "Look where the value comes from: a variable that is not set, a property that is misspelt, an empty cell. "
                + "To choose nothing in particular, leave the parameter out.", name);
        }
        return null;
    }

    private static string? What(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        null => "null",
        string { Length: 0 } => "an empty text",
        Guid id when id == Guid.Empty => "an empty id",
        Array { Length: 0 } => "an empty list",
        Array { Length: 1 } one => What(one.GetValue(0)),
        Array list => list.Cast<object?>().Select(What).FirstOrDefault(what => what is not null) is { } what ? $"a list with {what}" : null,
        _ => null,
    };
}
