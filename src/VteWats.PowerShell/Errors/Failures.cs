using System.Management.Automation;
using VteWats.Core.Diagnostics;

namespace VteWats.PowerShell.Errors;

/// <summary>The one place where failures become error records: stable id, category, target and a recommended action.</summary>
internal static class Failures
{
    public static ErrorRecord From(Exception exception) => exception switch
    {
        VteWatsException failure => From(failure),
        IContainsErrorRecord known => known.ErrorRecord,
        AggregateException { InnerExceptions.Count: 1 } one => From(one.InnerException!),
        _ => From(new VteWatsException(
            ErrorKind.Internal,
            $"Unexpected failure: {exception.GetType().Name}: {exception.Message}",
            "This is a defect in VteWats. Keep the log file and report it with this text.",
            inner: exception)),
    };

    public static ErrorRecord From(VteWatsException failure) =>
        new(failure, failure.Error.Id, Enum.Parse<ErrorCategory>(failure.Error.Category), failure.Target)
        {
            ErrorDetails = new ErrorDetails(failure.Message) { RecommendedAction = failure.Advice },
        };
}
